package engine.backend;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A quantised network, from normalised images to whatever its last layer gives. It is what an int8
 * checkpoint holds and what a device compiles.
 *
 * @param input name of the network's input
 * @param channels of the input
 * @param output name of its result
 * @param grids of every value but results that stay fp32
 */
public record Int8Graph(
    String input,
    int channels,
    String output,
    Map<String, QuantizedType> grids,
    List<Int8Layer> layers) {
  private static final int SEVEN_BITS = 7;

  /**
   * Real numbers as bytes: {@code x = (q - zeroPoint) * scale}.
   *
   * @param dtype U8 or I8
   */
  public record QuantizedType(float scale, int zeroPoint, DType dtype) {
    public QuantizedType {
      if (!(scale > 0) || !Float.isFinite(scale) || (dtype != DType.U8 && dtype != DType.I8)) {
        throw new IllegalArgumentException(
            "a grid needs a positive scale and bytes, not " + scale + " and " + dtype);
      }
    }
  }

  public Int8Graph {
    // In order: it is that of the tensors in a file.
    grids = Collections.unmodifiableMap(new LinkedHashMap<>(grids));
    layers = List.copyOf(layers);
  }

  /**
   * Shape of the result for an input, layer by layer.
   *
   * @param x [N, C, H, W]
   * @throws IllegalArgumentException where a layer reads what none has written, or does not fit it,
   *     or a value lacks the grid that its readers need
   */
  public Shape outputShape(Shape x) {
    Map<String, Shape> known = shapes(x);
    if (!known.containsKey(output)) {
      throw new IllegalArgumentException("no layer gives its result");
    }
    return known.get(output);
  }

  /** Shape of every value for an input; as {@link #outputShape}. */
  public Map<String, Shape> shapes(Shape x) {
    if (x.dim(1) != channels) {
      throw new IllegalArgumentException(
          "the network sees %d channels, the pictures have %d".formatted(channels, x.dim(1)));
    }
    Map<String, Shape> known = new HashMap<>();
    known.put(input, x);
    for (Int8Layer l : layers) {
      Shape in =
          l instanceof Int8Layer.Real ? real(known, l.input(), l) : read(known, l.input(), l);
      Shape out = shape(l, in, known);
      if (in.rank() == 4 && out.rank() == 4 && out.dim(2) > in.dim(2)) {
        throw new IllegalArgumentException(l.name() + " makes pictures larger");
      }
      if (known.put(l.output(), out) != null) {
        throw new IllegalArgumentException("two layers give " + l.output());
      }
    }
    return known;
  }

  private Shape shape(Int8Layer l, Shape in, Map<String, Shape> known) {
    return switch (l) {
      case Int8Layer.Conv c -> {
        Shape y = c.geometry().outputShape(in, c.weight().shape());
        if (c.residual() != null && !read(known, c.residual(), l).equals(y)) {
          throw new IllegalArgumentException(l.name() + " adds values of two shapes");
        }
        yield y;
      }
      case Int8Layer.MaxPool p -> p.geometry().outputShape(in);
      case Int8Layer.GlobalAveragePool _ -> Shape.of(in.dim(0), in.dim(1), 1, 1);
      case Int8Layer.Linear d -> {
        if (in.elements() / in.dim(0) != d.weight().shape().dim(1)) {
          throw new IllegalArgumentException("%s does not take %s".formatted(l.name(), in));
        }
        yield Shape.of(in.dim(0), d.weight().shape().dim(0));
      }
      case Int8Layer.Real r -> {
        try {
          yield r.op().outputShape(operands(r, known));
        } catch (IndexOutOfBoundsException e) {
          throw new IllegalArgumentException(l.name() + " lacks an operand", e);
        }
      }
    };
  }

  /**
   * Shapes of what a layer in real numbers reads, its constants included.
   *
   * @param known as {@link #shapes} gives them
   */
  public static List<Shape> operands(Int8Layer.Real r, Map<String, Shape> known) {
    List<Shape> in = new ArrayList<>();
    for (String i : r.inputs()) {
      HostTensor c = r.constants().get(i);
      in.add(c == null ? real(known, i, r) : c.shape());
    }
    return in;
  }

  private static Shape real(Map<String, Shape> known, String value, Int8Layer reader) {
    if (!known.containsKey(value)) {
      throw new IllegalArgumentException(
          "%s reads %s, which no layer gives".formatted(reader.name(), value));
    }
    return known.get(value);
  }

  private Shape read(Map<String, Shape> known, String value, Int8Layer reader) {
    Shape s = real(known, value, reader);
    if (!grids.containsKey(value)) {
      throw new IllegalArgumentException(
          "%s reads %s, which has no scale".formatted(reader.name(), value));
    }
    return s;
  }

  /**
   * The same network up to one of its values, which becomes the output.
   *
   * @param value the output of a layer
   */
  public Int8Graph upTo(String value) {
    List<Int8Layer> first = new ArrayList<>();
    for (Int8Layer l : layers) {
      first.add(l);
      if (l.output().equals(value)) {
        return new Int8Graph(input, channels, value, grids, first);
      }
    }
    throw new IllegalArgumentException("no layer gives " + value);
  }

  /**
   * Bits that the weights use: 8, or 7 if none is beyond 64, so that two products with unsigned
   * bytes fit into 16 bits.
   */
  public int weightBits() {
    int bits = SEVEN_BITS;
    for (Int8Layer l : layers) {
      HostTensor w =
          switch (l) {
            case Int8Layer.Conv c -> c.weight();
            case Int8Layer.Linear d -> d.weight();
            default -> null;
          };
      bits = w == null ? bits : Math.max(bits, bits(w));
    }
    return bits;
  }

  /** The same of one weight, I8. */
  public static int bits(HostTensor w) {
    for (long i = 0; i < w.data().byteSize(); i++) {
      if (Math.abs(w.data().get(ValueLayout.JAVA_BYTE, i)) > 64) {
        return 8;
      }
    }
    return SEVEN_BITS;
  }

  /** The grid of a value, or null if it is fp32. */
  public QuantizedType grid(String value) {
    return grids.get(value);
  }
}
