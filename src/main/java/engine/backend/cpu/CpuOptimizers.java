package engine.backend.cpu;

import engine.backend.*;
import engine.tensor.Tensor;
import java.util.List;

final class CpuOptimizers implements Optimizers {
  CpuOptimizers(CpuMemory memory, CpuQueue queue, Parallel parallel) {}

  @Override public void adamInPlace(List<Slot> slots, double beta1, double beta2, double eps, boolean decoupled, boolean amsgrad, Tensor scalars) { throw new UnsupportedOnDeviceException("adamInPlace"); }

  @Override public void sgdInPlace(List<Slot> slots, double momentum, double dampening, boolean nesterov, Tensor scalars) { throw new UnsupportedOnDeviceException("sgdInPlace"); }

  @Override public Tensor norm(List<Tensor> tensors) { throw new UnsupportedOnDeviceException("norm"); }

  @Override public void emaInPlace(List<Tensor> average, List<Tensor> value, double decay) { throw new UnsupportedOnDeviceException("emaInPlace"); }
}
