package engine.infer;

import engine.autograd.Tape;
import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.base.Setting;
import engine.model.Network;
import engine.run.NotFiniteException;
import engine.tensor.HostTensor;
import engine.tensor.Magnitude;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.weights.FiniteCheck;

/**
 * Looks at what every layer of a network gives for the first picture that it answers, since finite
 * logits do not tell: where a sum overflows to infinity, the next layer's is NaN, and a fused ReLU
 * makes 0 of it.
 *
 * <p>What it can and cannot see: infinity passes a ReLU and is found in the layer's result. NaN
 * does not, but out of finite inputs it only comes about where single products overflow with both
 * signs; so a result is refused, too, if weights and activations of that size could do that. Minus
 * infinity becomes 0 in a ReLU, as it does in PyTorch. Later pictures are not looked at, but for
 * their logits: pixels are bounded, so that a network which is far from overflowing on one of them
 * is so on all.
 */
final class ActivationCheck implements TapeObserver {
  /** 1 over the root of the smallest eps of a norm: the most that folding one multiplies by. */
  private static final double FOLDED = 316.3;

  private final Backend backend;
  private final Network network;
  private final String name;
  private final double weights;
  private float largest;

  /**
   * @param name of the network, for people
   * @param weights the largest absolute value of its parameters; 0 if that is not known
   */
  ActivationCheck(Backend backend, Network network, String name, double weights) {
    this.backend = backend;
    this.network = network;
    this.name = name;
    this.weights = weights;
  }

  @Override
  public void forward(Op op, Variable output) {
    if (output.dtype().isFloating() && output.isComputed()) {
      float most = backend.memory().largestOfFirst(output.value());
      largest = Float.isNaN(most) ? most : Math.max(largest, most);
    }
  }

  @Override
  public void backward(Op op, Variable of, String name, Tensor gradient) {}

  /**
   * After a forward under this observer.
   *
   * @param images of the forward, still as they were
   * @throws NotFiniteException if something overflowed, or may have
   */
  void require(Tensor images) {
    if (!Float.isFinite(largest)) {
      throw new NotFiniteException(
          ("%s cannot answer: %s; its weights are too large to compute with, take an earlier checkpoint or train it again with a lower "
                  + Setting.LR)
              .formatted(name, firstLayer(images)));
    }
    double folded = Math.max(weights, weights * weights * FOLDED);
    if (folded * Math.max(1, largest) * mostInputs() > Float.MAX_VALUE) {
      throw new NotFiniteException(
          ("%s cannot answer: with weights up to %.1g and activations up to %.1g its sums may overflow; take an earlier checkpoint or train it again with a lower "
                  + Setting.LR)
              .formatted(name, weights, largest));
    }
  }

  /** The most products that one sum of a layer adds. */
  private long mostInputs() {
    long most = 1;
    for (Shape s : network.shapes().values()) {
      most = Math.max(most, s.rank() > 1 ? s.elements() / s.dim(0) : 1);
    }
    return most;
  }

  /** Computes it again with every norm and ReLU for itself, which shows where it begins. */
  private String firstLayer(Tensor images) {
    First first = new First();
    try (Tape tape = Tape.evaluation(backend).withObserver(first, network.parameters())) {
      network.forward(tape, tape.constant(images.retain()));
    }
    return first.found == null ? "a layer overflows" : first.found;
  }

  private final class First implements TapeObserver {
    private String found;

    @Override
    public void forward(Op op, Variable output) {
      if (found != null || !output.dtype().isFloating()) {
        return;
      }
      HostTensor values = backend.memory().download(output.value());
      if (!Float.isFinite(Magnitude.of(values))) {
        found = op.describe() + " gives " + FiniteCheck.notFinite(values);
      }
    }

    @Override
    public void backward(Op op, Variable of, String name, Tensor gradient) {}
  }
}
