package engine.backend;

import engine.tensor.Tensor;

/** Activations, arithmetic with broadcasting, dropout, concatenation. */
public interface Elementwise {
  enum Binary {
    ADD,
    SUB,
    MUL,
    DIV
  }

  Tensor activation(Activation f, Tensor x);

  /**
   * dL/dx.
   *
   * @param saved the forward's output if {@link Activation#gradientFromOutput}, else its input
   */
  Tensor activationBackward(Activation f, Tensor saved, Tensor dy);

  /** a op b, broadcast by NumPy's rule. */
  Tensor binary(Binary op, Tensor a, Tensor b);

  /** a += b, of one shape. */
  void addInPlace(Tensor a, Tensor b);

  /**
   * {@code x[i] = own * x[i] + (1 - own) * x[i - 1]} along the first axis, where the last stands
   * before the first: mixup (Zhang et al., arXiv:1710.09412) of a batch.
   *
   * @param x F32, row-major
   */
  void mixupInPlace(Tensor x, float own);

  /** x * factor. */
  Tensor scale(Tensor x, float factor);

  /**
   * Sums {@code x} over the axes along which {@code like} was broadcast to it: the gradient of a
   * broadcast.
   */
  Tensor sumTo(Tensor x, Tensor like);

  /**
   * Inverted dropout mask times 1/(1-p): F32, of the shape and layout of x. Element i is kept if
   * Philox4x32-10 (Salmon et al. 2011) keyed by {@code seed} at counter ({@code step}, i/4) gives a
   * uniform not below p.
   *
   * @param state I64 [2]: seed and step, on the device, so that a replayed step draws anew
   * @param stream tells apart the dropouts of one step
   */
  Tensor dropoutMask(Tensor x, float p, Tensor state, int stream);

  /** Concatenates along an axis. */
  Tensor concat(Tensor[] parts, int axis);

  /** The part [from, from+extent) of x along an axis: the gradient of {@link #concat}. */
  Tensor slice(Tensor x, int axis, long from, long extent);
}
