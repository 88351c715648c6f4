package engine.backend.cuda;

import engine.backend.Linears;
import engine.backend.UnsupportedOnDeviceException;
import engine.tensor.Tensor;

/** Matrix products are cuBLASLt's work, which this build does not bind yet: every call says so. */
final class NoLinears implements Linears {
  private static UnsupportedOnDeviceException none() {
    return new UnsupportedOnDeviceException(
        "this build has no matrix product for GPUs yet: use --device cpu");
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    throw none();
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Tensor x) {
    throw none();
  }

  @Override
  public Tensor backwardWeight(Tensor dy, Tensor x) {
    throw none();
  }

  @Override
  public Tensor backwardBias(Tensor dy) {
    throw none();
  }
}
