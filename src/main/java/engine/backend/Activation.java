package engine.backend;

/** Elementwise functions with a gradient, as PyTorch defines them. */
public enum Activation {
  /** max(x, 0); NaN stays NaN; the gradient at 0 is 0. */
  RELU(true),
  /** min(max(x, 0), 6); NaN stays NaN; the gradient at 0 and 6 is 0. */
  RELU6(true),
  SIGMOID(true),
  /** x * sigmoid(x). */
  SILU(false),
  /** x * min(max(x + 3, 0), 6) / 6. */
  HARDSWISH(false),
  /** min(max(x + 3, 0), 6) / 6. */
  HARDSIGMOID(false),
  TANH(true),
  /** x * Phi(x), by the error function. */
  GELU(false);

  private final boolean fromOutput;

  Activation(boolean fromOutput) {
    this.fromOutput = fromOutput;
  }

  /** True if the gradient is computed from the output, so that the input need not be kept. */
  public boolean gradientFromOutput() {
    return fromOutput;
  }
}
