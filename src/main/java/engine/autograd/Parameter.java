package engine.autograd;

import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.Tensor;

/**
 * A leaf that is trained, unless it is frozen: its gradient is kept until the optimiser has used
 * it.
 */
public final class Parameter extends Variable {
  private final boolean decay;
  private boolean placed;
  private Tensor gradientHome;

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

  /**
   * Whether it is trained from the next forward on. A frozen one gets no gradient, so that the
   * optimiser passes it over, and a backward ends where nothing before it is trained.
   */
  public void setTrained(boolean trained) {
    requireGrad(trained);
  }

  /**
   * True the first time. A parameter moves to the layout of its kernel once: if a batch of another
   * shape could move it again, a resumed run, which may meet the shapes in another order, would sum
   * in another order too.
   */
  boolean placeNow() {
    boolean first = !placed;
    placed = true;
    return first;
  }

  /**
   * Where gradients are kept from now on; one that there is already moves there.
   *
   * @param home F32 of the value's shape and layout, which stays the caller's; null for memory of
   *     each gradient's own
   */
  public void keepGradientsIn(Backend backend, Tensor home) {
    gradientHome = null;
    if (home != null && grad() != null) {
      backend.memory().copyInPlace(grad(), home);
      replaceGrad(home.retain());
    }
    gradientHome = home;
  }

  /** Takes the gradient to F32, in which it can be added to and scaled, if it is a half. */
  public void widenGrad(Backend backend) {
    if (grad() != null && grad().dtype() != DType.F32) {
      replaceGrad(backend.memory().cast(grad(), DType.F32));
    }
  }

  @Override
  void accumulate(Backend backend, Tensor g) {
    if (gradientHome == null || g == null || !requiresGrad()) {
      if (g != null && grad() != null && requiresGrad()) {
        widenGrad(backend);
      }
      super.accumulate(backend, g);
      return;
    }
    try (g) {
      if (grad() == null) {
        backend.memory().copyInPlace(g, gradientHome);
        replaceGrad(gradientHome.retain());
      } else {
        backend.elementwise().addInPlace(grad(), g);
      }
    }
  }
}
