package engine.backend.cpu;

import engine.backend.*;
import engine.tensor.Tensor;
import java.util.List;

final class CpuLosses implements Losses {
  CpuLosses(CpuMemory memory, CpuQueue queue, Parallel parallel) {}

  @Override public Result crossEntropy(Tensor logits, Tensor targets, Tensor weight, float smoothing, int ignoreIndex, Reduction reduction) { throw new UnsupportedOnDeviceException("crossEntropy"); }

  @Override public Result crossEntropySoft(Tensor logits, Tensor q, float smoothing, Reduction reduction) { throw new UnsupportedOnDeviceException("crossEntropySoft"); }

  @Override public Result labelSmoothingKl(Tensor logits, Tensor targets, float smoothing) { throw new UnsupportedOnDeviceException("labelSmoothingKl"); }

  @Override public Tensor scaleGradient(Tensor dlogits, Tensor dloss) { throw new UnsupportedOnDeviceException("scaleGradient"); }
}
