package engine.backend.cpu;

import engine.backend.*;
import engine.tensor.Tensor;
import java.util.List;

final class CpuReductions implements Reductions {
  CpuReductions(CpuMemory memory, CpuQueue queue, Parallel parallel) {}

  @Override public Tensor sum(Tensor x, int[] axes, boolean keepDim) { throw new UnsupportedOnDeviceException("sum"); }

  @Override public Tensor mean(Tensor x, int[] axes, boolean keepDim) { throw new UnsupportedOnDeviceException("mean"); }

  @Override public Tensor expand(Tensor y, Tensor x, int[] axes, float factor) { throw new UnsupportedOnDeviceException("expand"); }

  @Override public Tensor amax(Tensor x, int[] axes, boolean keepDim) { throw new UnsupportedOnDeviceException("amax"); }

  @Override public Tensor amaxBackward(Tensor dy, Tensor y, Tensor x, int[] axes) { throw new UnsupportedOnDeviceException("amaxBackward"); }

  @Override public MaxDim maxDim(Tensor x, int axis, boolean keepDim) { throw new UnsupportedOnDeviceException("maxDim"); }

  @Override public Tensor maxDimBackward(Tensor dy, Tensor indices, Tensor x, int axis) { throw new UnsupportedOnDeviceException("maxDimBackward"); }

  @Override public Tensor softmax(Tensor x, int axis, boolean log) { throw new UnsupportedOnDeviceException("softmax"); }

  @Override public Tensor softmaxBackward(Tensor dy, Tensor y, int axis, boolean log) { throw new UnsupportedOnDeviceException("softmaxBackward"); }
}
