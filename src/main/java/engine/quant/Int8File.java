package engine.quant;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.PoolGeometry;
import engine.base.JsonText;
import engine.base.UserError;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A quantised network as the tensors and metadata of a safetensors file. A layer has {@code
 * NAME.weight} (I8), {@code NAME.weight_scale} (F32, one a channel), {@code NAME.weight_zero_point}
 * (I8 zeros) and {@code NAME.bias} (I32, in units of input scale times weight scale); one in real
 * numbers has its F32 tensors under the names of the fp32 checkpoint; a value has {@code
 * VALUE.scale} (F32) and {@code VALUE.zero_point} (U8, or I8 if its bytes are signed). How they
 * hang together is the JSON under {@link #KEY}.
 */
public final class Int8File {
  /** The metadata entry that makes a file an int8 checkpoint. */
  public static final String KEY = "int8";

  private static final String REAL = "real";
  private static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .registerTypeAdapter(Conv2dGeometry.class, new ConvGeometryJson())
          .create();

  private Int8File() {}

  /** One layer as JSON. */
  private record Entry(
      String op,
      String name,
      String input,
      String residual,
      String output,
      Boolean relu,
      Conv2dGeometry conv,
      PoolGeometry pool,
      List<String> inputs,
      JsonObject real) {
    Entry(String op, Int8Layer l, PoolGeometry pool) {
      this(op, l.name(), l.input(), null, l.output(), null, null, pool, null, null);
    }
  }

  /**
   * @param weightBits see {@link Int8Graph#weightBits}; null in files from before it was written
   */
  private record Network(
      String input, int channels, String output, Integer weightBits, List<Entry> layers) {}

  /** The metadata entry of a network. */
  public static String describe(Int8Graph g) {
    List<Entry> layers = new ArrayList<>();
    for (Int8Layer l : g.layers()) {
      layers.add(
          switch (l) {
            case Int8Layer.Conv c ->
                new Entry(
                    "conv",
                    c.name(),
                    c.input(),
                    c.residual(),
                    c.output(),
                    c.relu(),
                    c.geometry(),
                    null,
                    null,
                    null);
            case Int8Layer.MaxPool p -> new Entry("maxPool", p, p.geometry());
            case Int8Layer.GlobalAveragePool p -> new Entry("globalAveragePool", p, null);
            case Int8Layer.Linear d -> new Entry("linear", d, null);
            case Int8Layer.Real r ->
                new Entry(
                    REAL,
                    r.name(),
                    null,
                    null,
                    r.output(),
                    null,
                    null,
                    null,
                    r.inputs(),
                    RealOpJson.write(GSON, r.op()));
          });
    }
    return GSON.toJson(new Network(g.input(), g.channels(), g.output(), g.weightBits(), layers));
  }

  /** The tensors of a network, by name. */
  public static Map<String, HostTensor> tensors(Int8Graph g) {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    for (Int8Layer l : g.layers()) {
      switch (l) {
        case Int8Layer.Conv c -> put(out, c.name(), c.weight(), c.weightScale(), c.bias());
        case Int8Layer.Linear d -> put(out, d.name(), d.weight(), d.weightScale(), d.bias());
        case Int8Layer.Real r ->
            r.inputs().stream()
                .filter(r.constants()::containsKey)
                .forEach(i -> out.put(i, r.constants().get(i)));
        default -> {}
      }
    }
    g.grids()
        .forEach(
            (value, grid) -> {
              out.put(value + ".scale", HostTensor.of(new float[] {grid.scale()}, 1));
              byte[] zp = {(byte) grid.zeroPoint()};
              out.put(
                  value + ".zero_point",
                  new HostTensor(grid.dtype(), Shape.of(1), MemorySegment.ofArray(zp)));
            });
    return out;
  }

  private static void put(
      Map<String, HostTensor> out, String name, HostTensor w, float[] scale, int[] bias) {
    out.put(name + ".weight", w);
    out.put(name + ".weight_scale", HostTensor.of(scale, scale.length));
    out.put(name + ".weight_zero_point", HostTensor.zeros(DType.I8, Shape.of(scale.length)));
    out.put(name + ".bias", HostTensor.of(bias, bias.length));
  }

  /**
   * The network of a file.
   *
   * @param description its metadata entry {@link #KEY}
   * @param where the file, for people
   * @throws UserError if something is missing or does not fit
   */
  public static Int8Graph read(Map<String, HostTensor> tensors, String description, String where) {
    try {
      Network n = GSON.fromJson(JsonText.object(description), Network.class);
      Map<String, QuantizedType> grids = new LinkedHashMap<>();
      List<Int8Layer> layers = new ArrayList<>();
      Set<String> made = new HashSet<>(Set.of(n.input));
      grid(tensors, n.input, grids);
      for (Entry e : n.layers) {
        grid(tensors, e.output, grids);
        layers.add(layer(tensors, e, made));
        made.add(e.output);
      }
      Int8Graph graph = new Int8Graph(n.input, n.channels, n.output, grids, layers);
      if (n.weightBits != null && graph.weightBits() > n.weightBits) {
        throw new IllegalArgumentException("weights of more than " + n.weightBits + " bits");
      }
      return graph;
    } catch (RuntimeException e) { // also what Gson wraps of a constructor's
      throw new UserError(
          where + " is damaged: its quantised network cannot be put together; quantise again", e);
    }
  }

  private static void grid(
      Map<String, HostTensor> t, String value, Map<String, QuantizedType> into) {
    HostTensor scale = t.get(value + ".scale");
    HostTensor zp = t.get(value + ".zero_point");
    if (scale != null && zp != null) {
      into.put(value, new QuantizedType((float) scale.item(), (int) zp.item(), zp.dtype()));
    }
  }

  /**
   * @param made the values that earlier layers give
   */
  private static Int8Layer layer(Map<String, HostTensor> t, Entry e, Set<String> made) {
    return switch (e.op) {
      case REAL -> {
        Map<String, HostTensor> constants = new LinkedHashMap<>();
        for (String i : e.inputs) {
          if (!made.contains(i)) {
            constants.put(i, real(t, i));
          }
        }
        yield new Int8Layer.Real(
            e.name, RealOpJson.read(GSON, e.real), e.inputs, e.output, constants);
      }
      case "conv" ->
          new Int8Layer.Conv(
              e.name, e.input, e.residual, e.output, parameters(t, e.name, 4), e.conv, e.relu);
      case "maxPool" -> new Int8Layer.MaxPool(e.name, e.input, e.output, e.pool);
      case "globalAveragePool" -> new Int8Layer.GlobalAveragePool(e.name, e.input, e.output);
      case "linear" -> new Int8Layer.Linear(e.name, e.input, e.output, parameters(t, e.name, 2));
      default -> throw new IllegalArgumentException("there is no int8 layer " + e.op);
    };
  }

  private static Int8Layer.Parameters parameters(Map<String, HostTensor> t, String name, int rank) {
    return new Int8Layer.Parameters(
        weight(t, name, rank), t.get(name + ".weight_scale").toFloats(), bias(t, name));
  }

  private static HostTensor real(Map<String, HostTensor> t, String name) {
    HostTensor c = t.get(name);
    if (c == null || c.dtype() != DType.F32) {
      throw new IllegalArgumentException("no real numbers are called " + name);
    }
    return c;
  }

  private static HostTensor weight(Map<String, HostTensor> t, String name, int rank) {
    HostTensor w = t.get(name + ".weight");
    long channels = w.shape().dim(0);
    if (w.dtype() != DType.I8
        || w.shape().rank() != rank
        || t.get(name + ".weight_scale").shape().elements() != channels
        || t.get(name + ".bias").shape().elements() != channels) {
      throw new IllegalArgumentException("the tensors of " + name + " do not fit each other");
    }
    return w;
  }

  private static int[] bias(Map<String, HostTensor> t, String name) {
    long[] wide = t.get(name + ".bias").toLongs();
    int[] out = new int[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) wide[i];
    }
    return out;
  }
}
