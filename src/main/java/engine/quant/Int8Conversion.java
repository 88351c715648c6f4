package engine.quant;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.BatchNorm;
import engine.autograd.Conv2dOp;
import engine.autograd.ConvInfer;
import engine.autograd.FakeQuantize;
import engine.autograd.LinearOp;
import engine.autograd.MaxPool2d;
import engine.autograd.Reshape;
import engine.backend.Activation;
import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.RealOp;
import engine.base.UserError;
import engine.graph.Graph;
import engine.graph.Node;
import engine.graph.NormFolding;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From a traced network with quantisers to one of bytes. Norms are folded, then each weight is
 * rounded a channel at a time; a bias becomes a whole number in units of {@code input scale *
 * weight scale}; every {@link FakeQuantize} gives its grid to the value before it and goes. What no
 * quantiser rounds the weight of stays in real numbers ({@link RealForms}).
 */
public final class Int8Conversion {
  /** Biases stay within 31 bits, with room for the sum they are added to. */
  private static final double LARGEST_BIAS = 1 << 29;

  private final Graph graph;
  private final QuantSpec weightSpec;
  private final QuantizerSet quantizers;

  /** Values that are another one under a second name. */
  private final Map<String, String> same = new LinkedHashMap<>();

  private final Map<String, QuantizedType> grids = new LinkedHashMap<>();

  /** The values of layers that quantisers have names for. */
  private final Map<String, String> rounded = new LinkedHashMap<>();

  /** Values that end in a ReLU. */
  private final Set<String> cut = new HashSet<>();

  private final List<Int8Layer> layers = new ArrayList<>();

  private Int8Conversion(Graph graph, QuantizerSet quantizers) {
    this.quantizers = quantizers;
    this.graph = NormFolding.fold(graph);
    this.weightSpec = QuantSpec.weight(quantizers.weightBits());
  }

  /**
   * @param graph traced with the quantisers in place
   * @param quantizers what they are: a weight that they watched in training keeps the range it was
   *     trained with, others get that of their values
   * @param advice what to do about a layer that gave nothing but 0 and need not
   * @throws UserError that names the first op without a form here, or the first layer that gave
   *     nothing but 0 and need not
   */
  public static Int8Graph convert(Graph graph, QuantizerSet quantizers, String advice) {
    requireForms(graph);
    Int8Conversion c = new Int8Conversion(graph, quantizers);
    Int8Graph g = c.run();
    Map<String, String> empty = new LinkedHashMap<>();
    quantizers.empty().forEach(layer -> empty.put(layer, c.rounded.get(layer)));
    DeadLayers.require(g, empty, advice);
    return g;
  }

  /**
   * Makes sure that a network can be converted, before anything is spent on its ranges.
   *
   * @param graph traced with quantisers in place or without
   * @throws UserError that names the first op that has a form neither in bytes nor in real numbers
   */
  public static void requireForms(Graph graph) {
    Set<Node> folded = new HashSet<>();
    graph.nodes().forEach(n -> folded.add(NormFolding.into(graph, n)));
    for (Node n : graph.nodes()) {
      boolean known =
          switch (n.operation()) {
            case FakeQuantize _, MaxPool2d _ -> true;
            case BatchNorm.Infer _ -> NormFolding.into(graph, n) != null;
            case Reshape _ when isFlatten(graph, n) -> true;
            default -> folded.contains(n) || RealForms.of(n) != null;
          };
      if (!known) {
        throw noForm(n);
      }
    }
  }

  private static UserError noForm(Node n) {
    return new UserError(
        "the op %s (%s) has no form in an int8 network, so this model stays in fp32: export it as it is (engine export)"
            .formatted(n.name(), n.operation().name()));
  }

  private Int8Graph run() {
    for (Node n : graph.nodes()) {
      if (n.operation() instanceof FakeQuantize q) {
        same.put(n.output(), value(n.input(0)));
        grids.put(value(n.input(0)), grid(n, q));
        rounded.put(quantizers.layerOf(q.grid()), value(n.input(0)));
      } else if (n.operation() instanceof Reshape && isFlatten(graph, n)) {
        same.put(n.output(), value(n.input(0)));
      } else if (n.operation() instanceof MaxPool2d && grids.containsKey(value(n.input(0)))) {
        grids.put(n.output(), grids.get(value(n.input(0))));
      }
    }
    graph.nodes().forEach(this::takeIn);
    graph.nodes().forEach(this::add);
    return new Int8Graph(
        graph.input(), graph.inputShape().size(1), value(graph.output()), grids, layers);
  }

  /**
   * A ReLU, or one that ends at 6, becomes part of what gives its input: bytes saturate at 0 by
   * themselves, and at 6 since the grid of its results ends there.
   */
  private void takeIn(Node n) {
    if (!(n.operation() instanceof Activate a)
        || a.function() != Activation.RELU && a.function() != Activation.RELU6) {
      return;
    }
    QuantizedType grid = grids.get(n.output());
    String in = value(n.input(0));
    boolean saturates = grid != null && grid.dtype() == DType.U8 && grid.zeroPoint() == 0;
    if (saturates && !grids.containsKey(in) && graph.consumers(n.input(0)).size() == 1) {
      grids.remove(n.output());
      grids.put(in, grid);
      rounded.replaceAll((_, v) -> v.equals(n.output()) ? in : v);
      same.put(n.output(), in);
      cut.add(in);
    }
  }

  private void add(Node n) {
    if (n.operation() instanceof FakeQuantize || same.containsKey(n.output())) {
      return;
    }
    String in = value(n.input(0));
    boolean bytes = grids.containsKey(in);
    boolean here = bytes && quantizers.rounds(n.name());
    switch (n.operation()) {
      case ConvInfer c when here -> addConv(n, c.geometry(), c.relu());
      case Conv2dOp c when here -> addConv(n, c.geometry(), false);
      case MaxPool2d p -> {
        require(in, n);
        layers.add(new Int8Layer.MaxPool(n.name(), in, n.output(), p.geometry()));
      }
      case AdaptiveAvgPool2d p when bytes && p.height() == 1 && p.width() == 1 ->
          layers.add(new Int8Layer.GlobalAveragePool(n.name(), in, n.output()));
      case LinearOp _ when here -> {
        Int8Layer.Parameters w = weight(n, in);
        if (grids.containsKey(n.output())) {
          throw new UserError(
              "the result of %s is rounded, and that of a linear layer stays in real numbers"
                  .formatted(n.name()));
        }
        layers.add(new Int8Layer.Linear(n.name(), in, n.output(), w));
      }
      default -> addReal(n);
    }
  }

  private void addConv(Node n, Conv2dGeometry geometry, boolean relu) {
    String in = value(n.input(0));
    Int8Layer.Parameters w = weight(n, in);
    String residual = n.input(3).isEmpty() ? null : value(n.input(3));
    require(n.output(), n);
    if (residual != null) {
      require(residual, n);
    }
    layers.add(
        new Int8Layer.Conv(
            n.name(), in, residual, n.output(), w, geometry, relu || cut.contains(n.output())));
  }

  private void addReal(Node n) {
    RealOp op = RealForms.of(n);
    if (op == null) {
      throw noForm(n);
    }
    List<String> inputs = new ArrayList<>();
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    for (String i : n.inputs()) {
      if (graph.constants().containsKey(i)) {
        constants.put(i, graph.constants().get(i));
        inputs.add(i);
      } else if (!i.isEmpty()) {
        inputs.add(value(i));
      }
    }
    layers.add(new Int8Layer.Real(n.name(), op, inputs, n.output(), constants));
  }

  private Int8Layer.Parameters weight(Node n, String in) {
    QuantizedType x = require(in, n);
    HostTensor w = graph.constants().get(n.input(1));
    float[] trained = quantizers.weightAbsmax(n.name());
    QuantParams p =
        QuantParams.ofAbsmax(weightSpec, trained == null ? QuantParams.absmax(w) : trained);
    float[] scale = p.scale().clone();
    HostTensor b = graph.constants().get(n.input(2));
    int[] bias = new int[scale.length];
    for (int c = 0; c < bias.length; c++) {
      double real = b == null ? 0 : b.get(c);
      // A channel with next to no weight: a coarser scale loses nothing, and the bias fits.
      scale[c] = (float) Math.max(scale[c], Math.abs(real) / (x.scale() * LARGEST_BIAS));
      bias[c] = (int) Math.rint(real / ((double) x.scale() * scale[c]));
    }
    QuantParams used = new QuantParams(weightSpec, scale, p.zeroPoint());
    return new Int8Layer.Parameters(used.quantize(w), scale, bias);
  }

  private QuantizedType require(String value, Node n) {
    QuantizedType g = grids.get(value);
    if (g == null) {
      throw new UserError(
          "the layer %s has no range for %s: its model has no quantiser there"
              .formatted(n.name(), value));
    }
    return g;
  }

  private QuantizedType grid(Node n, FakeQuantize q) {
    float scale = (float) graph.constants().get(n.input(1)).item();
    int zeroPoint = (int) graph.constants().get(n.input(2)).item();
    return new QuantizedType(scale, zeroPoint, q.grid().qmin() < 0 ? DType.I8 : DType.U8);
  }

  private String value(String name) {
    String v = name;
    while (same.containsKey(v)) {
      v = same.get(v);
    }
    return v;
  }

  /** A reshape that only drops extents of 1. */
  private static boolean isFlatten(Graph graph, Node n) {
    return n.shape().rank() == 2
        && graph.producer(n.input(0)) != null
        && n.shape().elements() == graph.producer(n.input(0)).shape().elements()
        && graph.producer(n.input(0)).shape().dim(1) == n.shape().dim(1);
  }
}
