package engine.inspect.roofline;

import engine.autograd.BatchNorm;
import engine.autograd.Call;
import engine.autograd.Conv2dOp;
import engine.autograd.LinearOp;
import engine.autograd.Reshape;
import engine.inspect.tape.TapeStep;
import engine.inspect.tape.TapeStep.Gradient;
import engine.tensor.Shape;
import java.util.ArrayList;
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
  // FLOPs a number, counted in the formulas of batch norm's gradients.
  private static final int GRADIENT_SUMS = 5;
  private static final int NORM_GRADIENT = 6;

  /** Of a parameter; decoupled weight decay, both moments, bias correction, the update. */
  private static final int ADAMW = 16;

  private static final int FP32 = 4;

  private final StepPrecision precision;
  private final double scale;
  private final Shape images;
  private final boolean fusesNorms;
  private final Map<List<Object>, Launch> launches = new LinkedHashMap<>();
  private long parameters;

  /** Weights of which the optimiser also writes a half copy. */
  private double copied;

  private StepLaunches(StepPrecision precision, double scale, Shape images, boolean fusesNorms) {
    this.precision = precision;
    this.scale = scale;
    this.images = images;
    this.fusesNorms = fusesNorms;
  }

  /**
   * In the order of the forward, each op's backward after it, the optimiser last. Launches of equal
   * kind and shapes are one, with their number.
   *
   * @param tape a step of fewer images
   * @param images [N, C, H, W] of the step that is asked for
   * @param tapeBatch images of the step on the tape
   * @param fusesNorms whether convolutions sum what they write for a norm after them, and apply a
   *     norm with a ReLU as they read
   */
  public static List<Launch> of(
      List<TapeStep> tape,
      int tapeBatch,
      Shape images,
      StepPrecision precision,
      boolean fusesNorms) {
    double scale = (double) images.dim(0) / tapeBatch;
    StepLaunches s = new StepLaunches(precision, scale, images, fusesNorms);
    s.images();
    for (int i = 0; i < tape.size(); i++) {
      s.op(tape.get(i), i + 1 < tape.size() && isNorm(tape.get(i + 1)));
    }
    s.optimiser();
    return List.copyOf(s.launches.values());
  }

  private static boolean isNorm(TapeStep t) {
    return t.operation() instanceof BatchNorm.Train;
  }

  private void op(TapeStep t, boolean beforeNorm) {
    for (Gradient g : t.gradients()) {
      if (g.of() != null) {
        parameters += g.shape().elements();
      }
    }
    switch (t.operation()) {
      case Conv2dOp _ -> {
        String forward = fusesNorms && beforeNorm ? "conv forward + statistics" : "conv forward";
        products(t, "conv", forward);
      }
      case LinearOp _ -> products(t, "linear", "linear forward");
      case BatchNorm.Train n -> norm(t, n.forConvolution());
      case Reshape _ -> {} // gives the same numbers another shape
      default -> elementwise(t);
    }
  }

  /** {@code y = x * w} and its two gradients, each as many multiplications. */
  private void products(TapeStep t, String what, String forward) {
    Call call = scaled(t);
    Shape w = call.shape(1);
    double weights = w.elements();
    double y = call.output().shape().elements();
    double x = call.shape(0).elements();
    double flops = t.operation().flops(call);
    boolean first = inputs(t).isEmpty();
    String shape = by(w.dims()) + " to " + by(t.shape());
    double half = precision.bytes;
    if (precision == StepPrecision.FP16) {
      if (what.equals("conv")) {
        copied += weights;
      } else {
        add("weights to fp16", t, by(w.dims()), false, 0, weights * (FP32 + half));
      }
    }
    add(forward, t, shape, true, flops, t.operation().bytes(call));
    if (!first) {
      add(what + " data gradient", t, shape, true, flops, (y + weights + x) * half);
    }
    add(what + " filter gradient", t, shape, true, flops, (x + y) * half + weights * FP32);
  }

  /**
   * Two passes forward, unless convolutions take them over, and two back: each must know sums over
   * all images before it goes on.
   */
  private void norm(TapeStep t, boolean leftToConvolutions) {
    Call call = scaled(t);
    double n = call.output().shape().elements();
    double bytes = call.output().bytes();
    int residual = call.has(BatchNorm.RESIDUAL) ? 1 : 0;
    double flops = t.operation().flops(call);
    double statistics = BatchNorm.statisticsFlops(call);
    String shape = by(t.shape()) + (residual > 0 ? " + residual" : "");
    if (!fusesNorms) {
      add("norm statistics", t, shape, false, statistics, bytes);
    }
    if (!fusesNorms || !leftToConvolutions) {
      add("norm forward", t, shape, false, flops - statistics, (2 + residual) * bytes);
    }
    add("norm gradient sums", t, shape, false, GRADIENT_SUMS * n, 2 * bytes);
    add("norm data gradient", t, shape, false, NORM_GRADIENT * n, (3 + residual) * bytes);
  }

  private void elementwise(TapeStep t) {
    Call call = scaled(t);
    double bytes = t.operation().bytes(call);
    double flops = t.operation().flops(call);
    add(t.op() + " forward", t, by(t.shape()), false, flops, bytes);
    add(t.op() + " gradient", t, by(t.shape()), false, numbers(call), bytes);
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

  private static List<Shape> inputs(TapeStep t) {
    return t.gradients().stream().filter(g -> g.of() == null).map(Gradient::shape).toList();
  }

  /** The call at the batch and in the precision that are asked for, without vectors of weights. */
  private Call scaled(TapeStep t) {
    List<Call.Value> inputs = new ArrayList<>();
    for (int i = 0; i < t.call().inputs().size(); i++) {
      Call.Value v = t.call().inputs().get(i);
      boolean weight = t.operation().isWeight(i);
      boolean vector = v != null && weight && v.shape().rank() == 1;
      inputs.add(v == null || vector ? null : value(v.shape(), weight));
    }
    return new Call(inputs, value(t.shape(), false));
  }

  private Call.Value value(Shape s, boolean weight) {
    Shape at = weight || s.rank() == 0 ? s : s.with(0, Math.round(s.dim(0) * scale));
    return new Call.Value(at, precision.type);
  }

  /** One a number of the larger of all that is read and what is given. */
  private static double numbers(Call call) {
    double read =
        call.inputs().stream().mapToDouble(v -> v == null ? 0 : v.shape().elements()).sum();
    return Math.max(read, call.output().shape().elements());
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
