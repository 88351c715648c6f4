package engine.verify.self;

import engine.backend.Backend;
import engine.backend.Optimizers;
import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.SgdRule;
import engine.backend.Optimizers.Slot;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.verify.self.OpCheck.Op;
import java.util.ArrayList;
import java.util.List;

/** Optimisers over many tensors of all sizes, the norm of gradients, the loss scale. */
final class OptimizerOps {
  /** More than one launch takes, one of them large. */
  private static final int TENSORS = 53;

  private static final int LARGE = 20_011;

  private final Drawing draw;

  OptimizerOps(Drawing draw) {
    this.draw = draw;
  }

  List<Op> all() {
    return List.of(
        new Op("AdamW", 1e-5, 0, (b, x) -> adam(b, x, false), tensors()),
        new Op(
            "AdamW with the largest second moment", 1e-5, 0, (b, x) -> adam(b, x, true), tensors()),
        new Op("SGD", 1e-5, 0, (b, x) -> sgd(b, x, new SgdRule(0.9, 0, true)), tensors()),
        new Op(
            "SGD without momentum",
            1e-5,
            0,
            (b, x) -> sgd(b, x, new SgdRule(0, 0, false)),
            tensors()),
        new Op(
            "norm of gradients, clipping, moving average", 1e-5, 0, OptimizerOps::norm, tensors()));
  }

  /** For each of the tensors four of its size: parameter, gradient and two moments. */
  private HostTensor[] tensors() {
    List<HostTensor> all = new ArrayList<>();
    for (int i = 0; i < TENSORS; i++) {
      int n = i == 7 ? LARGE : 1 + i * 11 % 41;
      all.addAll(List.of(draw.normal(n), draw.normal(n), draw.normal(n), draw.positive(n)));
    }
    return all.toArray(HostTensor[]::new);
  }

  private static Tensor numbers(Backend b, float... values) {
    return b.memory().upload(HostTensor.of(values, values.length));
  }

  private static List<Slot> slots(Tensor[] x, boolean third, Backend b) {
    List<Slot> all = new ArrayList<>();
    for (int i = 0; i < TENSORS; i++) {
      Tensor largest = third ? b.memory().zerosLike(x[4 * i]) : null;
      all.add(new Slot(x[4 * i], x[4 * i + 1], x[4 * i + 2], x[4 * i + 3], largest, i));
    }
    return all;
  }

  /** What the step has changed. */
  private static List<Tensor> changed(List<Slot> slots) {
    List<Tensor> all = new ArrayList<>();
    for (Slot s : slots) {
      all.addAll(List.of(s.parameter().retain(), s.first().retain(), s.second().retain()));
      if (s.third() != null) {
        all.add(s.third());
      }
    }
    return all;
  }

  private static List<Tensor> adam(Backend b, Tensor[] x, boolean amsgrad) {
    List<Slot> slots = slots(x, amsgrad, b);
    try (Tensor rates = numbers(b, 0.01f, 0.1f);
        Tensor steps = b.memory().zeros(DType.F32, Shape.of(TENSORS));
        Tensor control = numbers(b, 0.5f, 0, 1)) {
      AdamRule rule = new AdamRule(0.9, 0.999, 1e-8, true, amsgrad);
      b.optimizers().adamInPlace(slots, rule, rates, steps, control);
      b.optimizers().adamInPlace(slots, rule, rates, steps, null);
    }
    return changed(slots);
  }

  private static List<Tensor> sgd(Backend b, Tensor[] x, SgdRule rule) {
    List<Slot> slots = slots(x, false, b);
    try (Tensor rates = numbers(b, 0.01f, 0.1f);
        Tensor steps = b.memory().zeros(DType.F32, Shape.of(TENSORS))) {
      b.optimizers().sgdInPlace(slots, rule, rates, steps, null);
      b.optimizers().sgdInPlace(slots, rule, rates, steps, null);
    }
    return changed(slots);
  }

  private static List<Tensor> norm(Backend b, Tensor[] x) {
    Optimizers o = b.optimizers();
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> averages = new ArrayList<>();
    for (int i = 0; i < TENSORS; i++) {
      gradients.add(x[4 * i + 1]);
      averages.add(x[4 * i]);
    }
    Tensor control = b.memory().empty(DType.F32, Shape.of(Optimizers.CONTROL));
    Tensor norm = o.norm(gradients);
    try (Tensor scale = numbers(b, 4);
        Tensor weights = numbers(b, 0.75f, 0.25f)) {
      o.controlInPlace(norm, scale, 1, control);
      o.scaleInPlace(gradients, control);
      o.emaInPlace(averages, gradients, weights);
    }
    List<Tensor> all = new ArrayList<>(List.of(norm, control));
    gradients.forEach(g -> all.add(g.retain()));
    averages.forEach(a -> all.add(a.retain()));
    return all;
  }
}
