package engine.onnx;

import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a network of bytes in the form that runtimes take as int8: every value goes through
 * QuantizeLinear and DequantizeLinear, weights are stored as s8 with a scale a channel, biases as
 * s32. A residual sum is rounded once, after it, as the engine does; TensorRT and OpenVINO fuse
 * that form too. ONNX Runtime's CPU adds bytes only, so it computes a convolution before such a sum
 * in fp32, unless what is added is rounded as well ({@code byteSums}).
 */
final class QdqGraph {
  /** Of a grid of bytes. */
  private static final int STEPS = 255;

  private static final int SIDE = 64;

  private final Int8Graph graph;
  private final boolean byteSums;
  private final NodeWriter out;

  /** The dequantised form of each value. */
  private final Map<String, String> real = new HashMap<>();

  /** Of images whose size stands for any. */
  private final Map<String, Shape> shapes;

  private QdqGraph(Int8Graph graph, boolean byteSums, NodeWriter out) {
    this.graph = graph;
    shapes = graph.shapes(Shape.of(1, graph.channels(), SIDE, SIDE));
    this.byteSums = byteSums;
    this.out = out;
  }

  /**
   * Appends the network's nodes; see {@link FloatGraph#write}.
   *
   * @param byteSums round what a residual sum adds, too
   */
  static void write(
      Int8Graph graph, boolean byteSums, NodeWriter out, String input, String output) {
    QdqGraph q = new QdqGraph(graph, byteSums, out);
    q.round(graph.input(), input);
    for (Int8Layer l : graph.layers()) {
      q.add(l, l.output().equals(graph.output()) ? output : l.output());
    }
  }

  private void add(Int8Layer layer, String result) {
    String x = real.get(layer.input());
    switch (layer) {
      case Int8Layer.Real r -> {
        String last = finished(r.output(), result);
        RealNodes.write(out, r, shapes, i -> real.getOrDefault(i, i), last);
        round(r.output(), last);
      }
      case Int8Layer.Conv c -> {
        boolean sum = c.residual() != null;
        String last = finished(c.output(), result);
        String conv = sum ? c.name() + ".conv" : c.relu() ? c.name() + ".sum" : last;
        out.node(
            "Conv",
            c.name(),
            FloatGraph.conv(c.geometry()),
            conv,
            x,
            weight(c.name(), c.weight(), c.weightScale()),
            bias(c.name(), graph.grid(c.input()), c.weightScale(), c.bias()));
        String value = conv;
        if (sum) {
          value = c.relu() ? c.name() + ".sum" : last;
          String term =
              byteSums
                  ? rounded(c.name() + ".term", conv, term(graph, c.residual(), c.output()))
                  : conv;
          out.node("Add", c.name() + ".add", value, term, real.get(c.residual()));
        }
        if (c.relu()) {
          out.node("Relu", c.name() + ".relu", last, value);
        }
        round(c.output(), last);
      }
      case Int8Layer.MaxPool p -> {
        String last = finished(p.output(), result);
        out.node("MaxPool", p.name(), FloatGraph.pool(p.geometry()), last, x);
        round(p.output(), last);
      }
      case Int8Layer.GlobalAveragePool p -> {
        String last = finished(p.output(), result);
        out.node("GlobalAveragePool", p.name(), last, x);
        round(p.output(), last);
      }
      case Int8Layer.Linear l -> {
        String flat =
            out.node(
                "Flatten",
                l.name() + ".flatten",
                Map.of("axis", new Attribute.Int(1)),
                l.name() + ".flat",
                x);
        String last = finished(l.output(), result);
        out.node(
            "Gemm",
            l.name(),
            Map.of("transB", new Attribute.Int(1)),
            last,
            flat,
            weight(l.name(), l.weight(), l.weightScale()),
            bias(l.name(), graph.grid(l.input()), l.weightScale(), l.bias()));
        round(l.output(), last);
      }
    }
  }

  /** The name of a layer's result before it is rounded; a result that stays real is it itself. */
  private String finished(String value, String result) {
    return graph.grid(value) == null ? result : value + ".real";
  }

  private void round(String value, String name) {
    QuantizedType g = graph.grid(value);
    if (g == null) {
      real.put(value, name);
      return;
    }
    real.put(value, rounded(value, name, g));
  }

  /** The name of a value's bytes in the graph. */
  static String bytes(String value) {
    return value + ".q";
  }

  /** The dequantised form of the value in {@code name}. */
  private String rounded(String value, String name, QuantizedType g) {
    String scale = out.scale(value + ".scale", g.scale());
    String zp = out.zeroPoint(value + ".zero_point", g.dtype(), g.zeroPoint());
    String q = out.node("QuantizeLinear", value + ".quantize", bytes(value), name, scale, zp);
    return out.node("DequantizeLinear", value + ".dequantize", value + ".dq", q, scale, zp);
  }

  /**
   * A grid for what is added to a residual. It ends where every residual takes the sum to the end
   * of the result's grid, so that what it cuts off the result would cut off, too.
   */
  static QuantizedType term(Int8Graph graph, String residual, String result) {
    QuantizedType r = graph.grid(residual);
    QuantizedType y = graph.grid(result);
    double least = end(y, 0) - end(r, STEPS);
    double most = end(y, STEPS) - end(r, 0);
    float scale = (float) ((most - least) / STEPS);
    return new QuantizedType(scale, (int) Math.rint(-least / scale), DType.U8);
  }

  /** The real number that many steps above the least of a grid. */
  private static double end(QuantizedType g, int steps) {
    int low = g.dtype() == DType.U8 ? 0 : Byte.MIN_VALUE;
    return (low + steps - g.zeroPoint()) * (double) g.scale();
  }

  private String weight(String layer, HostTensor w, float[] scale) {
    String name = layer + ".weight";
    out.constant(name, w);
    return out.node(
        "DequantizeLinear",
        name + ".dequantize",
        Map.of("axis", new Attribute.Int(0)),
        name + ".dq",
        name,
        perChannel(name + "_scale", scale),
        out.constant(name + "_zero_point", HostTensor.zeros(DType.I8, Shape.of(scale.length))));
  }

  private String bias(String layer, QuantizedType in, float[] weightScale, int[] bias) {
    String name = layer + ".bias";
    float[] scale = new float[bias.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = in.scale() * weightScale[c];
    }
    out.constant(name, HostTensor.of(bias, bias.length));
    return out.node(
        "DequantizeLinear",
        name + ".dequantize",
        Map.of("axis", new Attribute.Int(0)),
        name + ".dq",
        name,
        perChannel(name + "_scale", scale),
        out.constant(name + "_zero_point", HostTensor.zeros(DType.I32, Shape.of(scale.length))));
  }

  private String perChannel(String name, float[] values) {
    return out.constant(name, HostTensor.of(values, values.length));
  }
}
