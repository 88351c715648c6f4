package engine.quant;

import engine.backend.Activation;
import engine.backend.Elementwise.Binary;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.RealOp;
import engine.base.UserError;
import engine.tensor.DType;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tells a layer that is always 0, which any grid expresses, from one that was 0 on poor pictures
 * only, whose grid is unknown: by what its bytes can sum up to, whatever the picture.
 */
final class DeadLayers {
  private static final Set<Activation> ZERO_AT_ZERO =
      EnumSet.complementOf(EnumSet.of(Activation.SIGMOID, Activation.HARDSIGMOID));

  /** What a value can be. */
  private record Bounds(double least, double most) {
    static final Bounds ZERO = new Bounds(0, 0);

    boolean isZero() {
      return least == 0 && most == 0;
    }
  }

  private final Int8Graph graph;
  private final Map<String, Bounds> bounds = new HashMap<>();

  private DeadLayers(Int8Graph graph) {
    this.graph = graph;
    bounds.put(graph.input(), ofGrid(graph.input()));
    for (Int8Layer l : graph.layers()) {
      bounds.put(l.output(), of(l));
    }
  }

  /**
   * @param empty values that were 0 on every picture, by the layers that have them rounded
   * @param advice what to do about it
   * @throws UserError that names the first which need not be 0 on others
   */
  static void require(Int8Graph graph, Map<String, String> empty, String advice) {
    if (empty.isEmpty()) {
      return;
    }
    DeadLayers dead = new DeadLayers(graph);
    for (Map.Entry<String, String> e : empty.entrySet()) {
      String layer = e.getKey();
      Bounds b = dead.bounds.get(e.getValue());
      if (!b.isZero()) {
        throw new UserError(
            "%s gives nothing but 0 on these pictures, and could give %.3g to %.3g on others, for which it has no range: %s"
                .formatted(layer, b.least, b.most, advice));
      }
    }
  }

  private Bounds ofGrid(String value) {
    QuantizedType g = graph.grid(value);
    if (g == null) {
      return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    int low = g.dtype() == DType.U8 ? 0 : Byte.MIN_VALUE;
    return new Bounds(
        (low - g.zeroPoint()) * (double) g.scale(),
        (low + 255 - g.zeroPoint()) * (double) g.scale());
  }

  private Bounds of(Int8Layer layer) {
    return switch (layer) {
      case Int8Layer.Conv c -> of(c);
      case Int8Layer.MaxPool p -> bounds.get(p.input());
      case Int8Layer.GlobalAveragePool p -> bounds.get(p.input());
      case Int8Layer.Linear l -> ofGrid(l.output());
      case Int8Layer.Real r -> of(r);
    };
  }

  private Bounds of(Int8Layer.Real r) {
    boolean zero =
        switch (r.op()) {
          case RealOp.Activate a -> isZero(r.input()) && ZERO_AT_ZERO.contains(a.function());
          case RealOp.Combine c when c.function() == Binary.MUL ->
              r.reads().stream().anyMatch(this::isZero);
          case RealOp.Combine _, RealOp.GlobalPool _, RealOp.OverChannels _ ->
              r.constants().isEmpty() && r.reads().stream().allMatch(this::isZero);
          default -> false;
        };
    return zero ? Bounds.ZERO : ofGrid(r.output());
  }

  private boolean isZero(String value) {
    return bounds.get(value).isZero();
  }

  /** Where all channels end in 0, that; else what the grid of the result allows. */
  private Bounds of(Int8Layer.Conv c) {
    Bounds x = bounds.get(c.input());
    Bounds r = c.residual() == null ? Bounds.ZERO : bounds.get(c.residual());
    byte[] w = c.weight().toBytes();
    int row = w.length / c.bias().length;
    double least = 0;
    double most = 0;
    for (int o = 0; o < c.bias().length; o++) {
      // Padding adds 0, which lies between the two.
      double unit = c.weightScale()[o];
      double low = c.bias()[o] * unit * graph.grid(c.input()).scale() + r.least;
      double high = c.bias()[o] * unit * graph.grid(c.input()).scale() + r.most;
      for (int i = o * row; i < (o + 1) * row; i++) {
        low += Math.min(0, unit * Math.min(w[i] * x.least, w[i] * x.most));
        high += Math.max(0, unit * Math.max(w[i] * x.least, w[i] * x.most));
      }
      least = Math.min(least, c.relu() ? Math.max(0, low) : low);
      most = Math.max(most, c.relu() ? Math.max(0, high) : high);
    }
    return new Bounds(least, most);
  }
}
