package engine.backend.cpu;

import engine.backend.*;
import engine.tensor.Tensor;
import java.util.List;

final class CpuElementwise implements Elementwise {
  CpuElementwise(CpuMemory memory, DnnlElementwise passes, CpuQueue queue, Parallel parallel) {}

  @Override public Tensor activation(Activation f, Tensor x) { throw new UnsupportedOnDeviceException("activation"); }

  @Override public Tensor activationBackward(Activation f, Tensor saved, Tensor dy) { throw new UnsupportedOnDeviceException("activationBackward"); }

  @Override public Tensor binary(Binary op, Tensor a, Tensor b) { throw new UnsupportedOnDeviceException("binary"); }

  @Override public void addInPlace(Tensor a, Tensor b) { throw new UnsupportedOnDeviceException("addInPlace"); }

  @Override public Tensor scale(Tensor x, float factor) { throw new UnsupportedOnDeviceException("scale"); }

  @Override public Tensor sumTo(Tensor x, Tensor like) { throw new UnsupportedOnDeviceException("sumTo"); }

  @Override public Tensor dropoutMask(Tensor x, float p, Tensor state, int stream) { throw new UnsupportedOnDeviceException("dropoutMask"); }

  @Override public Tensor concat(Tensor[] parts, int axis) { throw new UnsupportedOnDeviceException("concat"); }

  @Override public Tensor slice(Tensor x, int axis, long from, long extent) { throw new UnsupportedOnDeviceException("slice"); }
}
