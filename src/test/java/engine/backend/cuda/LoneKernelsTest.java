package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.backend.cuda.driver.Launcher;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/**
 * Kernels that no op reaches, each against a plain loop in Java, on the software GPU and on a real
 * one where there is one. What ops reach is tested in {@code engine.backend.DrawnShapesTest}.
 */
final class LoneKernelsTest {
  private static final long SEED = Long.getLong("engine.test.seed", 20261124);
  private static final int[] LENGTHS = {0, 1, 7, 8, 9, 255, 257, 1025, 20_011};

  private final Random random = new Random(SEED);
  private final String seed = "seed " + SEED;

  // ---- accuracy.cu ----

  @OnEveryGpu
  void rightAnswersAreCounted(CudaBackend gpu) {
    int top = 5;
    for (int[] s : new int[][] {{0, 3}, {1, 1}, {300, 10}, {33, 1000}, {7, 33}}) {
      int n = s[0];
      int k = s[1];
      float[] x = new float[n * k];
      int[] targets = new int[n];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextInt(8); // few values: many ties
      }
      for (int row = 0; row < n; row++) {
        targets[row] = row % 9 == 4 ? -100 : random.nextInt(k);
        if (row % 11 == 3 && targets[row] >= 0) {
          x[row * k + targets[row]] = Float.NaN;
        }
      }
      try (Tensor logits = upload(gpu, x);
          Tensor y = gpu.memory().upload(HostTensor.of(targets, n));
          Tensor counts = gpu.memory().zeros(DType.I64, Shape.of(3))) {
        Launcher l = gpu.launcher();
        l.kernel("count_correct").of(logits).of(y).of(-100).of(top).of(counts).of((long) n).of(k);
        l.warps(n);
        assertArrayEquals(
            counts(x, targets, k, top),
            gpu.memory().download(counts).toLongs(),
            Arrays.toString(s) + ", " + seed);
      }
    }
  }

  /** By sorting, which the kernel does not do. */
  private static long[] counts(float[] x, int[] targets, int k, int top) {
    long[] counts = new long[3];
    for (int row = 0; row < targets.length; row++) {
      int first = row * k;
      int target = targets[row];
      if (target < 0) {
        continue;
      }
      counts[2]++;
      if (Float.isNaN(x[first + target])) {
        continue;
      }
      Integer[] order = new Integer[k];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Float.compare(x[first + b], x[first + a]));
      int place = Arrays.asList(order).indexOf(target);
      counts[0] += place == 0 ? 1 : 0;
      counts[1] += place < top ? 1 : 0;
    }
    return counts;
  }

  // ---- residual.cu ----

  @OnEveryGpu
  void residualSumsKeepABitAnElement(CudaBackend gpu) {
    for (int n : LENGTHS) {
      float[] a = halves(normal(n));
      float[] b = halves(normal(n));
      float[] dy = halves(normal(n));
      if (n > 2) {
        a[2] = Float.NaN;
      }
      residual(gpu, "add_relu_f16_v1", "mask_f16", DType.F16, a, b, dy);
      residual(gpu, "add_relu_f16", "mask_f16", DType.F16, a, b, dy);
      residual(gpu, "add_relu_f32", "mask_f32", DType.F32, a, b, dy);
    }
  }

  private void residual(
      CudaBackend gpu,
      String forward,
      String backward,
      DType type,
      float[] a,
      float[] b,
      float[] dy) {
    int n = a.length;
    float[] y = new float[n];
    float[] dx = new float[n];
    for (int i = 0; i < n; i++) {
      float sum = a[i] + b[i];
      float kept = sum > 0 || Float.isNaN(sum) ? sum : 0;
      y[i] = type == DType.F16 ? half(kept) : kept;
      dx[i] = sum > 0 ? dy[i] : 0;
    }
    try (Tensor ta = upload(gpu, a, type);
        Tensor tb = upload(gpu, b, type);
        Tensor td = upload(gpu, dy, type);
        Tensor ty = gpu.memory().empty(type, Shape.of(n));
        Tensor tx = gpu.memory().empty(type, Shape.of(n));
        Tensor mask = gpu.memory().empty(DType.U8, Shape.of((n + 7) / 8))) {
      Launcher l = gpu.launcher();
      l.kernel(forward).of(ta).of(tb).of(ty).of(mask).of((long) n);
      l.threads(forward.endsWith("v1") ? n : (n + 7) / 8);
      l.kernel(backward).of(td).of(mask).of(tx).of((long) n);
      l.threads((n + 7) / 8);
      assertArrayEquals(y, download(gpu, ty), forward + " of " + n + ", " + seed);
      assertArrayEquals(dx, download(gpu, tx), backward + " of " + n + ", " + seed);
    }
  }

  // ---- helpers ----

  private float[] normal(int n) {
    float[] all = new float[n];
    for (int i = 0; i < n; i++) {
      all[i] = (float) random.nextGaussian();
    }
    return all;
  }

  private static float half(float x) {
    return Float.float16ToFloat(Float.floatToFloat16(x));
  }

  private static float[] halves(float[] x) {
    float[] all = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      all[i] = half(x[i]);
    }
    return all;
  }

  private static Tensor upload(CudaBackend gpu, float[] x) {
    return gpu.memory().upload(HostTensor.of(x, x.length));
  }

  private static Tensor upload(CudaBackend gpu, float[] x, DType type) {
    try (Tensor t = upload(gpu, x)) {
      return gpu.memory().cast(t, type);
    }
  }

  private static float[] download(CudaBackend gpu, Tensor t) {
    return gpu.memory().download(t).toFloats();
  }
}
