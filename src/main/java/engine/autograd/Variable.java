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

  /** The value, computed now if it was deferred or dropped. Still owned by this variable. */
  public final Tensor value() {
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
    return value != null;
  }

  /** Type of the value. */
  public final DType dtype() {
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

  /** Frees the value if it can be computed again, which happens when someone asks for it. */
  final void drop() {
    if (value != null && again != null) {
      value.close();
      value = null;
    }
  }

  public final boolean requiresGrad() {
    return requiresGrad;
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
      if (v != null && v.requiresGrad) {
        return true;
      }
    }
    return false;
  }

  /** The gradient gathered so far, or null. Still owned by this variable. */
  public final Tensor grad() {
    return grad;
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
