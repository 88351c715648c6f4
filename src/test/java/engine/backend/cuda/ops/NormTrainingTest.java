package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Result;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.backend.Normalizations.Sums;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.backend.cuda.SimulatedGpus;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A norm's own part of a training step, against the same done apart and against its definition. */
final class NormTrainingTest {
  private static final Affine UNIT = new Affine(null, null, 1e-5f);
  private static final After NOTHING = new After(null, false);

  private static float[] normal(Random random, int n, double mean) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) (mean + random.nextGaussian());
    }
    return v;
  }

  /**
   * {@code running = (1 - momentum) * running + momentum * batch}, as torch.nn.BatchNorm2d does.
   */
  private static float[] moved(float[] running, float[] batch, double momentum, double factor) {
    float[] out = new float[running.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) ((1 - momentum) * running[i] + momentum * (batch[i] * factor));
    }
    return out;
  }

  private static void runningMoves(CudaBackend gpu, boolean ofSums, boolean counted) {
    Random random = new Random(5);
    int channels = 37;
    int pixels = 12;
    var memory = gpu.memory();
    float[] values = normal(random, pixels * channels, 0.5);
    float[] sum = new float[channels];
    float[] squares = new float[channels];
    for (int i = 0; i < values.length; i++) {
      sum[i % channels] += values[i];
      squares[i % channels] += values[i] * values[i];
    }
    float[] oldMean = normal(random, channels, 0);
    float[] oldVariance = normal(random, channels, 5);
    try (Tensor x = memory.upload(HostTensor.of(values, pixels, channels));
        Tensor mean = memory.upload(HostTensor.of(oldMean, channels));
        Tensor variance = memory.upload(HostTensor.of(oldVariance, channels));
        Tensor batches = memory.zeros(DType.I64, Shape.of());
        Tensor one = memory.upload(HostTensor.of(sum, channels));
        Tensor two = memory.upload(HostTensor.of(squares, channels))) {
      var running = new Running(new Statistics(mean, variance), counted ? batches : null, 0.3f);
      Sums sums = ofSums ? new Sums(one, two) : null;
      var trained = gpu.normalizations().train(x, sums, UNIT, NOTHING, running);
      float[] m = memory.download(trained.saved().batch().mean()).toFloats();
      float[] v = memory.download(trained.saved().batch().variance()).toFloats();
      double unbiased = pixels / (pixels - 1.0);
      assertArrayEquals(moved(oldMean, m, 0.3, 1), memory.download(mean).toFloats(), 1e-6f);
      assertArrayEquals(
          moved(oldVariance, v, 0.3, unbiased), memory.download(variance).toFloats(), 2e-6f);
      assertEquals(counted ? 1 : 0, memory.download(batches).toDoubles()[0]);
      close(trained);
    }
  }

  private static void close(Normalizations.Trained t) {
    t.y().close();
    t.saved().batch().mean().close();
    t.saved().batch().variance().close();
    if (t.saved().workspace() != null) {
      t.saved().workspace().close();
    }
  }

  @OnEveryGpu
  void runningStatisticsMoveOnceABatch(CudaBackend gpu) {
    runningMoves(gpu, false, true);
    runningMoves(gpu, false, false);
    runningMoves(gpu, true, true);
    runningMoves(gpu, true, false);
  }

  /**
   * 70 blocks share a channel, so that the last of the first 64 and the last of the others add what
   * the rest left, and of these two the last; three channels are beyond the last whole vector.
   */
  @ParameterizedTest
  @ValueSource(ints = {75, 80, 90})
  void gradientsAreTheSumsOverAllBlocks(int architecture) {
    Random random = new Random(6);
    int channels = 251;
    int pixels = 128 * 70;
    float[] x = normal(random, pixels * channels, 1);
    float[] dy = normal(random, pixels * channels, 0.1);
    try (CudaBackend gpu = SimulatedGpus.open(architecture)) {
      float[][] first = gradients(gpu, x, dy, pixels, channels);
      double[] shift = new double[channels];
      double[] scale = new double[channels];
      double[] mean = new double[channels];
      double[] square = new double[channels];
      for (int i = 0; i < x.length; i++) {
        mean[i % channels] += x[i] / (double) pixels;
      }
      for (int i = 0; i < x.length; i++) {
        double d = x[i] - mean[i % channels];
        square[i % channels] += d * d / pixels;
      }
      for (int i = 0; i < x.length; i++) {
        int c = i % channels;
        shift[c] += dy[i];
        scale[c] += dy[i] * (x[i] - mean[c]) / Math.sqrt(square[c] + UNIT.eps());
      }
      for (int c = 0; c < channels; c++) {
        assertEquals(shift[c], first[0][c], 1e-3, "shift of " + c);
        assertEquals(scale[c], first[1][c], 1e-3, "scale of " + c);
      }
      float[][] again = gradients(gpu, x, dy, pixels, channels);
      assertArrayEquals(first[0], again[0], 0);
      assertArrayEquals(first[1], again[1], 0);
    }
  }

  private static float[][] gradients(
      CudaBackend gpu, float[] values, float[] gradient, int pixels, int channels) {
    var memory = gpu.memory();
    var norms = gpu.normalizations();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    try (Tensor x = memory.upload(HostTensor.of(values, pixels, channels));
        Tensor dy = memory.upload(HostTensor.of(gradient, pixels, channels));
        Tensor scale = memory.upload(HostTensor.of(ones, channels));
        Tensor shift = memory.zeros(DType.F32, Shape.of(channels))) {
      Affine norm = new Affine(scale, shift, UNIT.eps());
      var t = norms.train(x, null, norm, NOTHING);
      var g = norms.backwardInPlace(x, dy, new Result(null, false, false), norm, t.saved());
      float[][] out = {
        memory.download(g.shift()).toFloats(), memory.download(g.scale()).toFloats()
      };
      close(t);
      g.x().close();
      g.scale().close();
      g.shift().close();
      return out;
    }
  }
}
