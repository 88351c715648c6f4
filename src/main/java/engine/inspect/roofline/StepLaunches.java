package engine.inspect.roofline;

import engine.inspect.tape.TapeStep;
import engine.inspect.tape.TapeStep.Gradient;
import engine.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The launches of a training step, from the ops of its tape. Traffic is the least possible: caches
 * hold nothing from one launch to the next, and nothing is read or written twice. What is small is
 * left out: vectors of a value a channel, and the bit that a ReLU keeps of each number.
 */
public final class StepLaunches {
  // FLOPs a number, counted in the formulas of batch norm, forward and back.
  private static final int STATISTICS = 3;
  private static final int NORMALISE = 3;
  private static final int GRADIENT_SUMS = 5;
  private static final int NORM_GRADIENT = 6;

  /** Of a parameter; decoupled weight decay, both moments, bias correction, the update. */
  private static final int ADAMW = 16;

  private static final int FP32 = 4;

  private final StepPrecision precision;
  private final double scale;
  private final Shape images;
  private final Map<List<Object>, Launch> launches = new LinkedHashMap<>();
  private long parameters;

  /** Weights of which the optimiser also writes a half copy. */
  private double copied;

  private StepLaunches(StepPrecision precision, double scale, Shape images) {
    this.precision = precision;
    this.scale = scale;
    this.images = images;
  }

  /**
   * In the order of the forward, each op's backward after it, the optimiser last. Launches of equal
   * kind and shapes are one, with their number.
   *
   * @param tape a step of fewer images
   * @param images [N, C, H, W] of the step that is asked for
   * @param tapeBatch images of the step on the tape
   */
  public static List<Launch> of(
      List<TapeStep> tape, int tapeBatch, Shape images, StepPrecision precision) {
    StepLaunches s = new StepLaunches(precision, (double) images.dim(0) / tapeBatch, images);
    s.images();
    tape.forEach(s::op);
    s.optimiser();
    return List.copyOf(s.launches.values());
  }

  private void op(TapeStep t) {
    for (Gradient g : t.gradients()) {
      if (g.of() != null) {
        parameters += g.shape().elements();
      }
    }
    switch (t.op()) {
      case "conv2d" -> products(t, "conv", weight(t).dims());
      case "linear" -> products(t, "linear", weight(t).dims());
      case "batchNorm" -> norm(t);
      case "flatten" -> {} // gives the same numbers another shape
      default -> elementwise(t);
    }
  }

  /** {@code y = x * w} and its two gradients, each as many multiplications. */
  private void products(TapeStep t, String what, long[] w) {
    double weights = Arrays.stream(w).asDoubleStream().reduce(1, (a, b) -> a * b);
    double y = numbers(t.shape());
    double flops = 2 * y * weights / w[0];
    boolean first = inputs(t).isEmpty();
    double x = first ? images.elements() : numbers(inputs(t).getFirst());
    String shape = by(w) + " to " + by(t.shape());
    double half = precision.bytes;
    if (precision == StepPrecision.FP16) {
      if (what.equals("conv")) {
        copied += weights;
      } else {
        add("weights to fp16", t, by(w), false, 0, weights * (FP32 + half));
      }
    }
    add(what + " forward", t, shape, true, flops, (x + weights + y) * half);
    if (!first) {
      add(what + " data gradient", t, shape, true, flops, (y + weights + x) * half);
    }
    add(what + " filter gradient", t, shape, true, flops, (x + y) * half + weights * FP32);
  }

  /** Two passes forward and two back: each must know sums over all images before it goes on. */
  private void norm(TapeStep t) {
    double n = numbers(t.shape());
    double bytes = n * precision.bytes;
    int residual = inputs(t).size() - 1;
    String shape = by(t.shape()) + (residual > 0 ? " + residual" : "");
    add("norm statistics", t, shape, false, STATISTICS * n, bytes);
    add("norm forward", t, shape, false, (NORMALISE + residual) * n, (2 + residual) * bytes);
    add("norm gradient sums", t, shape, false, GRADIENT_SUMS * n, 2 * bytes);
    add("norm data gradient", t, shape, false, NORM_GRADIENT * n, (3 + residual) * bytes);
  }

  private void elementwise(TapeStep t) {
    double x = inputs(t).stream().mapToDouble(this::numbers).sum();
    double y = numbers(t.shape());
    double bytes = (x + y) * precision.bytes;
    add(t.op() + " forward", t, by(t.shape()), false, Math.max(x, y), bytes);
    add(t.op() + " gradient", t, by(t.shape()), false, Math.max(x, y), bytes);
  }

  /** Bytes of pictures become normalised numbers. */
  private void images() {
    double n = images.elements();
    Launch l =
        new Launch(
            "images to numbers", "", by(images.dims()), 1, false, 2 * n, n * (1 + precision.bytes));
    launches.put(List.of(l.kind()), l);
  }

  /**
   * AdamW reads weight, gradient and two moments and writes all but the gradient, and half copies.
   */
  private void optimiser() {
    double n = parameters;
    double bytes = 7 * FP32 * n + copied * precision.bytes;
    Launch l = new Launch("AdamW", "", parameters + " parameters", 1, false, ADAMW * n, bytes);
    launches.put(List.of(l.kind()), l);
  }

  private void add(
      String kind, TapeStep t, String shape, boolean products, double flops, double bytes) {
    launches.merge(
        List.of(kind, shape, flops, bytes),
        new Launch(
            kind, (t.parameters() ? "" : "after ") + t.layer(), shape, 1, products, flops, bytes),
        Launch::plus);
  }

  private static Shape weight(TapeStep t) {
    return t.gradients().stream()
        .filter(g -> g.of() != null && g.of().endsWith("weight"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(t.layer() + " has no gradient of its weight"))
        .shape();
  }

  private static List<Shape> inputs(TapeStep t) {
    return t.gradients().stream().filter(g -> g.of() == null).map(Gradient::shape).toList();
  }

  /** Elements of an activation at the batch that is asked for. */
  private double numbers(Shape s) {
    return s.rank() == 0 ? 1 : s.elements() * scale;
  }

  private String by(Shape s) {
    long[] dims = s.dims().clone();
    if (dims.length > 0) {
      dims[0] = Math.round(dims[0] * scale);
    }
    return by(dims);
  }

  private static String by(long[] dims) {
    return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }
}
