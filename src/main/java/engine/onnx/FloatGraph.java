package engine.onnx;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.AvgPool2d;
import engine.autograd.BatchNorm;
import engine.autograd.Concat;
import engine.autograd.Conv2dOp;
import engine.autograd.ConvInfer;
import engine.autograd.Div;
import engine.autograd.FakeQuantize;
import engine.autograd.LayerNorm;
import engine.autograd.LinearOp;
import engine.autograd.MaxDim;
import engine.autograd.MaxPool2d;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Reshape;
import engine.autograd.Scale;
import engine.autograd.Softmax;
import engine.autograd.Sub;
import engine.backend.Activation;
import engine.backend.Conv2dGeometry;
import engine.backend.LayerNorms;
import engine.backend.PoolGeometry;
import engine.base.Setting;
import engine.base.UserError;
import engine.graph.Graph;
import engine.graph.Node;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a network of real numbers as ONNX nodes. */
final class FloatGraph {
  private static final int HARD_SWISH_OPSET = 14;
  private static final int LAYER_NORM_OPSET = 17;
  private static final float SQRT_2 = (float) Math.sqrt(2);

  private final Graph graph;
  private final NodeWriter out;

  private FloatGraph(Graph graph, NodeWriter out) {
    this.graph = graph;
    this.out = out;
  }

  /**
   * Appends the network's nodes.
   *
   * @param input what the network reads
   * @param output what its result is to be called
   * @throws UserError that names the first op that ONNX, or this opset, has no form for
   */
  static void write(Graph graph, NodeWriter out, String input, String output) {
    FloatGraph f = new FloatGraph(graph, out);
    graph.constants().forEach(out::constant);
    for (Node n : graph.nodes()) {
      Node renamed =
          new Node(
              n.name(),
              n.operation(),
              n.inputs().stream().map(i -> i.equals(graph.input()) ? input : i).toList(),
              n.output().equals(graph.output()) ? output : n.output(),
              n.shape());
      f.add(renamed);
    }
  }

  /**
   * Appends a node whose result's first extent is 1, which stands for any.
   *
   * @throws UserError as above
   */
  static void write(Node n, NodeWriter out) {
    Shape images = Shape.of(1, 1, 1, 1);
    new FloatGraph(new Graph("", images, n.output(), List.of(n), Map.of()), out).add(n);
  }

  private void add(Node n) {
    switch (n.operation()) {
      case Conv2dOp c ->
          out.node(
              "Conv", n.name(), conv(c.geometry()), n.output(), n.input(0), n.input(1), n.input(2));
      case ConvInfer c -> {
        String first = c.relu() || !n.input(3).isEmpty() ? n.name() + ".conv" : n.output();
        out.node("Conv", n.name(), conv(c.geometry()), first, n.input(0), n.input(1), n.input(2));
        finish(n, first, n.input(3), c.relu());
      }
      case BatchNorm.Infer b -> {
        String first = b.relu() || !n.input(3).isEmpty() ? n.name() + ".norm" : n.output();
        int channels = graph.constants().get(n.input(4)).shape().size(0);
        out.node(
            "BatchNormalization",
            n.name(),
            Map.of("epsilon", new Attribute.Real(b.eps())),
            first,
            n.input(0),
            orConstant(n.input(1), channels, 1),
            orConstant(n.input(2), channels, 0),
            n.input(4),
            n.input(5));
        finish(n, first, n.input(3), b.relu());
      }
      case LayerNorm l -> layerNorm(n, l);
      case LinearOp _ ->
          out.node(
              "Gemm",
              n.name(),
              Map.of("transB", new Attribute.Int(1)),
              n.output(),
              n.input(0),
              n.input(1),
              n.input(2));
      case Activate a -> activate(n, a.function());
      case Add _ -> binary("Add", n);
      case Sub _ -> binary("Sub", n);
      case Mul _ -> binary("Mul", n);
      case Div _ -> binary("Div", n);
      case Scale s -> out.node("Mul", n.name(), n.output(), n.input(0), out.scalar(s.factor()));
      case MaxPool2d p -> out.node("MaxPool", n.name(), pool(p.geometry()), n.output(), n.input(0));
      case AvgPool2d p -> averagePool(n, p);
      case AdaptiveAvgPool2d p ->
          adaptive(n, p.height(), p.width(), "GlobalAveragePool", "AveragePool");
      case AdaptiveMaxPool2d p -> adaptive(n, p.height(), p.width(), "GlobalMaxPool", "MaxPool");
      case Mean m -> reduce("ReduceMean", n, m.axes(), m.keepDim());
      case MaxDim m -> reduce("ReduceMax", n, new int[] {m.axis()}, m.keepDim());
      case Concat c ->
          out.node(
              "Concat",
              n.name(),
              Map.of("axis", new Attribute.Int(c.axis())),
              n.output(),
              n.inputs().toArray(String[]::new));
      case Reshape r -> reshape(n, r.shape());
      case Softmax s ->
          out.node(
              "Softmax",
              n.name(),
              Map.of("axis", new Attribute.Int(s.axis())),
              n.output(),
              n.input(0));
      case FakeQuantize _ ->
          throw unsupported(n, "convert the model to int8 first (engine quantize)");
      default -> throw unsupported(n, "build it from other ops");
    }
  }

  /** ONNX normalises over the last axes: channels go there and back. */
  private void layerNorm(Node n, LayerNorm l) {
    if (out.opset < LAYER_NORM_OPSET) {
      throw unsupported(n, "use %s %d or later".formatted(Setting.OPSET, LAYER_NORM_OPSET));
    }
    boolean channels = LayerNorms.alongChannels(n.shape(), l.axis());
    String x = n.input(0);
    if (channels) {
      x = transpose(n.name() + ".last", n.name() + ".rows", x, 0, 2, 3, 1);
    }
    out.node(
        "LayerNormalization",
        n.name(),
        Map.of("axis", new Attribute.Int(-1), "epsilon", new Attribute.Real(l.eps())),
        channels ? n.name() + ".norm" : n.output(),
        x,
        n.input(1),
        n.input(2));
    if (channels) {
      transpose(n.name() + ".back", n.output(), n.name() + ".norm", 0, 3, 1, 2);
    }
  }

  private String transpose(String name, String output, String x, long... order) {
    return out.node("Transpose", name, Map.of("perm", new Attribute.Ints(order)), output, x);
  }

  private void finish(Node n, String value, String residual, boolean relu) {
    String sum = value;
    if (!residual.isEmpty()) {
      sum = relu ? n.name() + ".sum" : n.output();
      out.node("Add", n.name() + ".add", sum, value, residual);
    }
    if (relu) {
      out.node("Relu", n.name() + ".relu", n.output(), sum);
    }
  }

  private String orConstant(String name, int channels, float value) {
    if (!name.isEmpty()) {
      return name;
    }
    float[] v = new float[channels];
    Arrays.fill(v, value);
    return out.constant("const." + value + "x" + channels, HostTensor.of(v, channels));
  }

  private void activate(Node n, Activation f) {
    String x = n.input(0);
    String y = n.output();
    switch (f) {
      case RELU -> out.node("Relu", n.name(), y, x);
      case RELU6 -> out.node("Clip", n.name(), y, x, out.scalar(0), out.scalar(6));
      case SIGMOID -> out.node("Sigmoid", n.name(), y, x);
      case TANH -> out.node("Tanh", n.name(), y, x);
      case SILU ->
          out.node(
              "Mul",
              n.name() + ".mul",
              y,
              x,
              out.node("Sigmoid", n.name(), n.name() + ".sigmoid", x));
      case HARDSIGMOID -> hardSigmoid(n.name(), y, x);
      case HARDSWISH -> hardSwish(n.name(), y, x);
      case GELU -> {
        String scaled =
            out.node("Div", n.name() + ".div", n.name() + ".scaled", x, out.scalar(SQRT_2));
        String erf = out.node("Erf", n.name(), n.name() + ".erf", scaled);
        String one = out.node("Add", n.name() + ".add", n.name() + ".phi2", erf, out.scalar(1));
        String twice = out.node("Mul", n.name() + ".mul", n.name() + ".twice", x, one);
        out.node("Mul", n.name() + ".half", y, twice, out.scalar(0.5f));
      }
    }
  }

  private void hardSwish(String name, String output, String x) {
    if (out.opset >= HARD_SWISH_OPSET) {
      out.node("HardSwish", name, output, x);
    } else {
      out.node("Mul", name + ".mul", output, x, hardSigmoid(name, name + ".gate", x));
    }
  }

  private String hardSigmoid(String name, String output, String x) {
    return out.node(
        "HardSigmoid",
        name,
        Map.of("alpha", new Attribute.Real(1 / 6f), "beta", new Attribute.Real(0.5f)),
        output,
        x);
  }

  private void binary(String type, Node n) {
    out.node(type, n.name(), n.output(), n.input(0), n.input(1));
  }

  static Map<String, Attribute> conv(Conv2dGeometry g) {
    Map<String, Attribute> a = new LinkedHashMap<>();
    a.put("dilations", new Attribute.Ints(g.dilationH(), g.dilationW()));
    a.put("group", new Attribute.Int(g.groups()));
    a.put("pads", new Attribute.Ints(g.padTop(), g.padLeft(), g.padBottom(), g.padRight()));
    a.put("strides", new Attribute.Ints(g.strideH(), g.strideW()));
    return a;
  }

  static Map<String, Attribute> pool(PoolGeometry g) {
    Map<String, Attribute> a = new LinkedHashMap<>();
    a.put("kernel_shape", new Attribute.Ints(g.kernelH(), g.kernelW()));
    a.put("pads", new Attribute.Ints(g.padH(), g.padW(), g.padH(), g.padW()));
    a.put("strides", new Attribute.Ints(g.strideH(), g.strideW()));
    if (g.dilationH() != 1 || g.dilationW() != 1) {
      a.put("dilations", new Attribute.Ints(g.dilationH(), g.dilationW()));
    }
    if (g.ceilMode()) {
      a.put("ceil_mode", new Attribute.Int(1));
    }
    return a;
  }

  private void averagePool(Node n, AvgPool2d p) {
    if (p.geometry().dilationH() != 1 || p.geometry().dilationW() != 1) {
      throw unsupported(n, "use a pooling without dilation");
    }
    if (p.geometry().ceilMode()) {
      // ONNX and PyTorch divide the last window's sum by different counts.
      throw unsupported(n, "use an average pooling without ceil mode");
    }
    Map<String, Attribute> a = new LinkedHashMap<>(pool(p.geometry()));
    a.put("count_include_pad", new Attribute.Int(p.countIncludePad() ? 1 : 0));
    out.node("AveragePool", n.name(), a, n.output(), n.input(0));
  }

  private void adaptive(Node n, int height, int width, String global, String windowed) {
    if (height == 1 && width == 1) {
      out.node(global, n.name(), n.output(), n.input(0));
      return;
    }
    Node from = graph.producer(n.input(0));
    Shape x = from == null ? graph.inputShape() : from.shape();
    if (x.dim(2) % height != 0 || x.dim(3) % width != 0) {
      throw unsupported(
          n,
          "ONNX has no adaptive pooling: pool to 1x1, or to a size that divides "
              + x.dim(2)
              + "x"
              + x.dim(3));
    }
    long h = x.dim(2) / height;
    long w = x.dim(3) / width;
    out.node(
        windowed,
        n.name(),
        Map.of("kernel_shape", new Attribute.Ints(h, w), "strides", new Attribute.Ints(h, w)),
        n.output(),
        n.input(0));
  }

  private void reduce(String op, Node n, int[] axes, boolean keepDim) {
    long[] a = new long[axes.length];
    for (int i = 0; i < a.length; i++) {
      a[i] = axes[i];
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("keepdims", new Attribute.Int(keepDim ? 1 : 0));
    if (out.opset >= 18) {
      out.node(op, n.name(), attributes, n.output(), n.input(0), out.ints(a));
    } else {
      attributes.put("axes", new Attribute.Ints(a));
      out.node(op, n.name(), attributes, n.output(), n.input(0));
    }
  }

  /** The first extent is the batch, which may be any. */
  private void reshape(Node n, Shape shape) {
    if (shape.dim(0) != graph.inputShape().dim(0)) {
      throw unsupported(n, "keep the batch as the first extent");
    }
    if (shape.rank() == 2) {
      out.node("Flatten", n.name(), Map.of("axis", new Attribute.Int(1)), n.output(), n.input(0));
      return;
    }
    long[] dims = shape.dims();
    dims[0] = 0; // as it is
    out.node("Reshape", n.name(), n.output(), n.input(0), out.ints(dims));
  }

  private UserError unsupported(Node n, String wayOut) {
    return new UserError(
        "the op %s (%s) cannot be exported to ONNX opset %d: %s"
            .formatted(n.name(), n.operation().name(), out.opset, wayOut));
  }
}
