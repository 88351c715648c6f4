package engine.onnx;

import engine.backend.Int8Graph;
import engine.backend.Int8Graph.Grid;
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
 * that form too.
 */
final class QdqGraph {
  private final Int8Graph graph;
  private final GraphWriter out;

  /** The dequantised form of each value. */
  private final Map<String, String> real = new HashMap<>();

  private QdqGraph(Int8Graph graph, GraphWriter out) {
    this.graph = graph;
    this.out = out;
  }

  /** Appends the network's nodes; see {@link FloatGraph#write}. */
  static void write(Int8Graph graph, GraphWriter out, String input, String output) {
    QdqGraph q = new QdqGraph(graph, out);
    q.round(graph.input(), input);
    for (Int8Layer l : graph.layers()) {
      q.add(l, l.output().equals(graph.output()) ? output : l.output());
    }
  }

  private void add(Int8Layer layer, String result) {
    String x = real.get(layer.input());
    switch (layer) {
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
          out.node("Add", c.name() + ".add", value, conv, real.get(c.residual()));
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
    Grid g = graph.grid(value);
    if (g == null) {
      return;
    }
    String scale = out.scale(value + ".scale", g.scale());
    String zp = out.zeroPoint(value + ".zero_point", g.dtype(), g.zeroPoint());
    String q = out.node("QuantizeLinear", value + ".quantize", value + ".q", name, scale, zp);
    real.put(
        value, out.node("DequantizeLinear", value + ".dequantize", value + ".dq", q, scale, zp));
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

  private String bias(String layer, Grid in, float[] weightScale, int[] bias) {
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
