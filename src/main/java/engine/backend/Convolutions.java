package engine.backend;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** 2-d convolution, cross-correlation as in every deep-learning library, and its gradients. */
public interface Convolutions {
  /**
   * The weight in the layout and type that the forward kernel of this shape wants; {@code w}
   * itself, retained, when it has them. A training loop keeps its F32 master weights so, and then
   * no step converts them.
   *
   * @param type of the images
   */
  Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g);

  /** The same for {@link #inferInPlace}. */
  Tensor placeInferenceWeight(Tensor w, Shape x, DType type, Conv2dGeometry g);

  /**
   * y = x * w + b.
   *
   * @param x [N, C, H, W]; its type is the type of the computation and of the result
   * @param w [O, C/groups, kH, kW], F32
   * @param bias [O] F32, or null
   */
  Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g);

  /**
   * A result, and what the norm after it wants to know of it.
   *
   * @param sums null where the device did not take them on the way
   */
  record ForNorm(Tensor y, Normalizations.Sums sums) {}

  /** y = x * w, before a batch norm in training. */
  default ForNorm forwardForNorm(Tensor x, Tensor w, Conv2dGeometry g) {
    return new ForNorm(forward(x, w, null, g), null);
  }

  /**
   * The same of images that {@link Normalizations#defer} left as they were: the convolution
   * normalises them as it reads them, and so will {@link #backwardWeight(Normalizations.Deferred,
   * Tensor, Tensor, Conv2dGeometry)}.
   *
   * @return null where this device cannot do both for these shapes: the caller then computes the
   *     images
   */
  default ForNorm forwardForNorm(Normalizations.Deferred x, Tensor w, Conv2dGeometry g) {
    return null;
  }

  /**
   * {@code act(x * w + b + residual)} in one pass, for inference.
   *
   * @param residual of the shape of the result, or null; it is overwritten, and may come back as
   *     the result
   */
  Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g);

  /** A convolution that has swallowed the norm after it. */
  record Folded(Tensor weight, Tensor bias) {}

  /**
   * Folds a norm with fixed statistics into the weight before it: {@code w' = w * scale /
   * sqrt(variance + eps)} per output channel and {@code b' = shift - mean * scale / sqrt(variance +
   * eps)}.
   */
  Folded foldNorm(Tensor w, Normalizations.Affine norm, Normalizations.Statistics fixed);

  /** dL/dx, of shape {@code x}. */
  Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g);

  /**
   * dL/dw in the layout of {@code w}, F32; with {@code dbias} not null it is overwritten with
   * dL/db.
   */
  Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g);

  /**
   * dL/dw where {@link #forwardForNorm(Normalizations.Deferred, Tensor, Conv2dGeometry)} was, in
   * the layout of {@code w}: F32, or of the type of x where it was rounded to that. The device's
   * optimisers read both; who adds to it takes it to F32 first.
   */
  default Tensor backwardWeight(Normalizations.Deferred x, Tensor dy, Tensor w, Conv2dGeometry g) {
    throw new UnsupportedOnDeviceException("this device defers no norms");
  }

  /** The three computations of a convolution. */
  enum Kernel {
    FORWARD,
    BACKWARD_DATA,
    BACKWARD_WEIGHT
  }

  /**
   * Which implementation runs for these operands, in the words of the device's library, such as
   * {@code jit:avx512_core}: for people who ask why a layer is slow.
   */
  String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g);
}
