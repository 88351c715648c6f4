package engine.verify.self;

import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.model.ResNet;
import engine.recipe.Precision;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training step of ResNet-50: loss and gradients of one device and precision against those of
 * another, as whole vectors.
 */
final class StepCheck implements Check {
  /** Loss and gradients by name. */
  private record Step(double loss, Map<String, double[]> gradients) {}

  /** Who computes a step. */
  record Way(Backend b, DType type) {
    @Override
    public String toString() {
      return b.name() + " " + OpCheck.word(type);
    }
  }

  /** Small gradients of halves would be lost without it. */
  private static final float SCALE = 1024;

  private final Way way;
  private final Way right;
  private final Size size;
  private final double lossTolerance;
  private final double gradientTolerance;

  /**
   * @param lossTolerance relative
   * @param gradientTolerance of the difference's norm, relative to that of the gradient
   */
  StepCheck(Way way, Way right, Size size, double lossTolerance, double gradientTolerance) {
    this.way = way;
    this.right = right;
    this.size = size;
    this.lossTolerance = lossTolerance;
    this.gradientTolerance = gradientTolerance;
  }

  @Override
  public String name() {
    return "training/a step of ResNet-50, %s against %s".formatted(way, right);
  }

  @Override
  public DType type() {
    return way.type;
  }

  @Override
  public String run() {
    Step expected = step(right);
    Step actual = step(way);
    double loss = Math.abs(actual.loss - expected.loss) / expected.loss;
    double difference = 0;
    double whole = 0;
    for (var e : expected.gradients.entrySet()) {
      double[] a = actual.gradients.get(e.getKey());
      for (int i = 0; i < a.length; i++) {
        double d = a[i] - e.getValue()[i];
        difference += d * d;
        whole += e.getValue()[i] * e.getValue()[i];
      }
    }
    double gradient = Math.sqrt(difference / whole);
    String said =
        "loss off by %.2g (allowed %.2g), gradient by %.2g (%.2g)"
            .formatted(loss, lossTolerance, gradient, gradientTolerance);
    if (!(loss <= lossTolerance && gradient <= gradientTolerance)) {
      throw new Disagreement(said);
    }
    return said;
  }

  private Step step(Way by) {
    Backend b = by.b;
    Drawing draw = new Drawing();
    HostTensor images = draw.normal(size.batch(), 3, size.side(), size.side());
    HostTensor classes = draw.classes(size.batch(), Trial.CLASSES);
    try (ResNet m = Trial.network(b, size);
        Tape tape = Tape.training(b);
        Tensor targets = b.memory().upload(classes)) {
      Variable x = tape.constant(b.memory().upload(images));
      Variable logits = m.forward(new Precision(by.type, false).on(tape), x);
      Variable loss = CrossEntropy.apply(tape, logits, targets, 0.1f);
      double value = b.memory().download(loss.value()).item();
      tape.backward(loss, SCALE);
      Map<String, double[]> gradients = new TreeMap<>();
      m.parameters()
          .forEach(
              (name, p) -> {
                double[] g = b.memory().download(p.grad()).toDoubles();
                for (int i = 0; i < g.length; i++) {
                  g[i] /= SCALE;
                }
                gradients.put(name, g);
                p.clearGrad();
              });
      return new Step(value, gradients);
    }
  }
}
