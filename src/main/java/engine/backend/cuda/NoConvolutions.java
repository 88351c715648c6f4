package engine.backend.cuda;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.UnsupportedOnDeviceException;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Convolutions are cuDNN's work, which this build does not bind yet: every call says so. */
final class NoConvolutions implements Convolutions {
  private static UnsupportedOnDeviceException none() {
    return new UnsupportedOnDeviceException(
        "this build has no convolution for GPUs yet: use --device cpu");
  }

  @Override
  public Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public Tensor placeInferenceWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public Folded foldNorm(
      Tensor w, Tensor scale, Tensor shift, Tensor mean, Tensor variance, float eps) {
    throw none();
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g) {
    throw none();
  }

  @Override
  public String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g) {
    throw none();
  }
}
