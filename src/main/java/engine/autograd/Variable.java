package engine.autograd;

import engine.backend.Backend;
import engine.backend.Normalizations;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.function.Supplier;

/**
 * A tensor in a computation. Intermediate ones belong to the tape that made them, which closes
 * them; leaves (inputs, parameters) belong to whoever made them.
 */
public class Variable {
  private Tensor value;
  private Tensor grad;
  private boolean requiresGrad;
  private Shape shape;
  private DType dtype;
  private Supplier<Tensor> again;
  private Normalizations.Deferred deferred;
  private boolean kept;
  private HeldBack held;
  private int awaited;
  private boolean handedOver;

  /** A leaf. Takes over the caller's reference to {@code value}. */
  public Variable(Tensor value, boolean requiresGrad) {
    this.value = value;
    this.shape = value.shape();
    this.dtype = value.dtype();
    this.requiresGrad = requiresGrad;
  }

  /**
   * The result of a norm that nobody has computed yet, and nobody will unless {@link #value} is
   * asked for; of shape and type of what is normalised.
   */
  Variable(Normalizations.Deferred deferred, boolean requiresGrad) {
    this.deferred = deferred;
    this.shape = deferred.x().shape();
    this.dtype = deferred.x().dtype();
    this.requiresGrad = requiresGrad;
  }

  /** A value that is held back, of the shape that it will have. */
  Variable(HeldBack held, Shape shape) {
    this.held = held;
    this.shape = shape;
  }

  /** This; or, of a value that is held back, what its computation gives, which is done now. */
  public final Variable computed() {
    return held == null ? this : held.result();
  }

  /** The same for a convolution with a norm of its own. */
  public final Variable computedForConvolution() {
    return held == null ? this : awaited == 1 ? held.resultForConvolution() : held.result();
  }

  /** The same, or null of a value that is not computed at present. */
  final Variable ifComputed() {
    return held == null ? this : held.isComputed() ? held.result() : null;
  }

  /** Whether its computation is held back, and may become part of what follows. */
  final boolean isOpen() {
    return held != null && held.open() != null;
  }

  /**
   * The computation of a value that is held back and that nothing but the caller's own computation
   * waits for: it may be done as a part of that. Null of any other value.
   */
  public final Held takeIn() {
    return held == null || awaited != 1 ? null : held.open();
  }

  /** So many more computations that are held back will read it. */
  final void awaited(int more) {
    awaited += more;
  }

  /** A computation that was held back has read it. */
  final void readByHeld() {
    if (awaited == 0 && held != null) {
      held.read();
    }
  }

  /** Whether one layer reads the value, and nothing else: it may use it up. */
  final void handOver(boolean toOneLayer) {
    handedOver = toOneLayer;
  }

  /** Whether nothing reads it after the computation that does now, the last of its layer. */
  final boolean isLastRead(boolean endOfLayer) {
    return awaited <= 1 && (held != null || handedOver && endOfLayer);
  }

  /** The value, computed now if it was held back, deferred or dropped. Still owned by this. */
  public final Tensor value() {
    if (held != null) {
      return computed().value();
    }
    if (value == null && again != null) {
      value = again.get();
    }
    return value;
  }

  public final Shape shape() {
    return shape;
  }

  /** Whether the value is in memory. */
  public final boolean isComputed() {
    return held == null ? value != null : held.isComputed() && held.result().isComputed();
  }

  /** Type of the value. */
  public final DType dtype() {
    return computed().type();
  }

  private DType type() {
    return dtype;
  }

  /** How a convolution makes the value as it reads what is normalised; null for other values. */
  final Normalizations.Deferred deferred() {
    return deferred;
  }

  /**
   * Lets the value be dropped once the forward has read it.
   *
   * @param again makes the same value from what is kept for the backward
   */
  final void recomputeBy(Supplier<Tensor> again) {
    this.again = again;
  }

  /**
   * An op has read these. What no backward reads is dropped as soon as it can be made again, should
   * one ask for it.
   */
  static void readBy(Operation op, Variable[] inputs) {
    for (int i = 0; i < inputs.length; i++) {
      Variable v = inputs[i];
      if (v != null) {
        v.kept |= op.keeps(i);
        if (!v.kept) {
          v.drop();
        }
      }
    }
  }

  /** Frees the value if it can be computed again, which happens when someone asks for it. */
  final void drop() {
    if (value != null && again != null) {
      value.close();
      value = null;
    }
  }

  public final boolean requiresGrad() {
    return held == null ? requiresGrad : computed().requiresGrad;
  }

  /** From the next forward on; a gradient gathered so far is dropped when none is wanted. */
  final void requireGrad(boolean wanted) {
    requiresGrad = wanted;
    if (!wanted) {
      clearGrad();
    }
  }

  /** Whether any of several requires a gradient; nulls are allowed. */
  static boolean anyRequiresGrad(Variable... variables) {
    for (Variable v : variables) {
      if (v != null && v.requiresGrad()) {
        return true;
      }
    }
    return false;
  }

  /** The gradient gathered so far, or null. Still owned by this variable. */
  public final Tensor grad() {
    return held == null ? grad : computed().grad;
  }

  /**
   * Replaces the value, closing the old one: a parameter moved to another layout. Takes over the
   * reference.
   */
  public final void replaceValue(Tensor other) {
    Tensor old = value;
    value = other;
    shape = other.shape();
    dtype = other.dtype();
    old.close();
  }

  /**
   * Adds {@code g} to the gradient; takes over the reference. Nothing is kept where no gradient is
   * required.
   */
  void accumulate(Backend backend, Tensor g) {
    if (g == null) {
      return;
    }
    if (!requiresGrad) {
      g.close();
    } else if (grad == null) {
      grad = g;
    } else {
      // A gradient that something else still reads must not change under it.
      if (grad.storage().isShared()) {
        Tensor own = backend.memory().emptyLike(grad);
        backend.memory().copyInPlace(grad, own);
        grad.close();
        grad = own;
      }
      backend.elementwise().addInPlace(grad, g);
      g.close();
    }
  }

  /** Drops the gradient. */
  public final void clearGrad() {
    if (grad != null) {
      grad.close();
      grad = null;
    }
  }

  /**
   * Sets the gradient, closing the old one: for gradients that no tape made. Takes over the
   * reference.
   */
  public final void replaceGrad(Tensor g) {
    clearGrad();
    grad = g;
  }

  /** Drops value and gradient. */
  public final void close() {
    clearGrad();
    again = null;
    deferred = null;
    if (value != null) {
      value.close();
      value = null;
    }
  }
}
