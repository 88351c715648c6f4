package engine.autograd;

import engine.tensor.Tensor;

/** A leaf that is trained: its gradient is kept until the optimiser has used it. */
public final class Parameter extends Variable {
  private final boolean decay;

  /**
   * @param value the initial value, F32; the reference is taken over
   * @param decay whether weight decay applies when norms and biases are left out of it
   */
  public Parameter(Tensor value, boolean decay) {
    super(value, true);
    this.decay = decay;
  }

  /** True for weights of convolutions and linear layers, false for norms and biases. */
  public boolean decay() {
    return decay;
  }
}
