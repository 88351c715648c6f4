package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** The augmenting kernels of pixels.cu against the definitions of their steps, in double. */
final class AugmentKernelsTest {
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] STD = {0.229, 0.224, 0.225};

  /** One picture's draw, as {@code struct Augment} has it. */
  private record Draw(
      int x,
      int y,
      boolean flip,
      double brightness,
      double contrast,
      double saturation,
      double hue) {}

  private final Random random = new Random(5);

  @OnEveryGpu
  void cropFlipJitterAndNormalise(CudaBackend gpu) {
    run(gpu, 3, 37, 29, 17, 13);
    run(gpu, 1, 1, 1, 1, 1);
    run(gpu, 2, 300, 4, 300, 3);
  }

  private void run(CudaBackend gpu, int n, int w, int h, int outW, int outH) {
    byte[] pixels = new byte[n * w * h * 3];
    random.nextBytes(pixels);
    Draw[] draws = new Draw[n];
    ByteBuffer structs = ByteBuffer.allocate(28 * n).order(ByteOrder.nativeOrder());
    for (int i = 0; i < n; i++) {
      draws[i] = draw(i, w - outW, h - outH);
      Draw d = draws[i];
      structs.putInt(d.x).putInt(d.y).putInt(d.flip ? 1 : 0).putFloat((float) d.brightness);
      structs.putFloat((float) d.contrast).putFloat((float) d.saturation).putFloat((float) d.hue);
    }
    try (Tensor p = gpu.memory().upload(HostTensor.of(pixels, pixels.length));
        Tensor drawn = gpu.memory().upload(HostTensor.of(structs.array(), 28L * n));
        Tensor mean = gpu.memory().upload(HostTensor.of(floats(MEAN), 3));
        Tensor std = gpu.memory().upload(HostTensor.of(floats(STD), 3));
        Tensor luma = gpu.memory().empty(DType.F32, Shape.of(n));
        Tensor y = gpu.memory().empty(DType.F16, Shape.of(n, outH, outW, 4))) {
      Launcher l = gpu.launcher();
      l.kernel("augment_luma").of(p).of(drawn).of(luma).of(w).of(h).of(outW).of(outH);
      l.grid(n, 1, 256);
      l.kernel("augment").of(p).of(drawn).of(luma).of(mean).of(std).of(y);
      l.of(n).of(w).of(h).of(outW).of(outH).threads((long) n * outW * outH);
      float[] got = gpu.memory().download(y).toFloats();
      for (int i = 0; i < n; i++) {
        compare(got, i, pixels, draws[i], w, h, outW, outH);
      }
    }
  }

  /** The first picture is left as it is, but for its crop. */
  private Draw draw(int picture, int roomX, int roomY) {
    int x = random.nextInt(roomX + 1);
    int y = random.nextInt(roomY + 1);
    if (picture == 0) {
      return new Draw(x, y, false, 1, 1, 1, 0);
    }
    return new Draw(
        x, y, picture % 2 == 1, factor(), factor(), factor(), random.nextDouble() - 0.5);
  }

  private double factor() {
    return 0.6 + 0.8 * random.nextDouble();
  }

  private static void compare(
      float[] got, int image, byte[] pixels, Draw d, int w, int h, int outW, int outH) {
    double pull = 0;
    for (int row = 0; row < outH; row++) {
      for (int column = 0; column < outW; column++) {
        pull += luma(bright(pixels, (image * h + d.y + row) * w + d.x + column, d)) / (outW * outH);
      }
    }
    for (int row = 0; row < outH; row++) {
      for (int column = 0; column < outW; column++) {
        int from = d.x + (d.flip ? outW - 1 - column : column);
        double[] c = bright(pixels, (image * h + d.y + row) * w + from, d);
        c = blend(c, pull, d.contrast);
        c = blend(c, luma(c), d.saturation);
        c = turned(c, d.hue);
        int at = ((image * outH + row) * outW + column) * 4;
        String where = "picture %d, row %d, column %d".formatted(image, row, column);
        for (int k = 0; k < 3; k++) {
          assertEquals((c[k] - MEAN[k]) / STD[k], got[at + k], 4e-3, where);
        }
        assertEquals(0, got[at + 3], where);
      }
    }
  }

  private static double[] bright(byte[] pixels, int at, Draw d) {
    double[] c = new double[3];
    for (int k = 0; k < 3; k++) {
      c[k] = Math.clamp((pixels[3 * at + k] & 0xFF) / 255.0 * d.brightness, 0, 1);
    }
    return c;
  }

  private static double luma(double[] c) {
    return 0.2989 * c[0] + 0.587 * c[1] + 0.114 * c[2];
  }

  private static double[] blend(double[] c, double other, double by) {
    double[] out = new double[3];
    for (int k = 0; k < 3; k++) {
      out[k] = Math.clamp(by * c[k] + (1 - by) * other, 0, 1);
    }
    return out;
  }

  /** The closed form of HSV to RGB: v - v s max(0, min(k, 4 - k, 1)) with k = (n + 6 h) mod 6. */
  private static double[] turned(double[] c, double turns) {
    double v = Math.max(c[0], Math.max(c[1], c[2]));
    double range = v - Math.min(c[0], Math.min(c[1], c[2]));
    if (range == 0) {
      return c;
    }
    double hue =
        v == c[0]
            ? (c[1] - c[2]) / range
            : v == c[1] ? 2 + (c[2] - c[0]) / range : 4 + (c[0] - c[1]) / range;
    hue += 6 * turns + 12;
    double[] out = new double[3];
    int[] n = {5, 3, 1};
    for (int i = 0; i < 3; i++) {
      double k = (n[i] + hue) % 6;
      out[i] = v - range * Math.max(0, Math.min(Math.min(k, 4 - k), 1));
    }
    return out;
  }

  private static float[] floats(double[] x) {
    float[] all = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      all[i] = (float) x[i];
    }
    return all;
  }
}
