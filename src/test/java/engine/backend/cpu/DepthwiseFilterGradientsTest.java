package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.Kernel;
import engine.backend.Devices;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Depthwise filter gradients beside their definition, summed in double. */
final class DepthwiseFilterGradientsTest {
  private static final Backend CPU = Devices.open("cpu", 2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Channels beside a whole block, images smaller than the filter, every stride and dilation. */
  @ParameterizedTest
  @CsvSource({
    "2, 16, 9, 11, 5, 5, 1, 2, 1, F32",
    "3, 20, 14, 9, 5, 5, 2, 2, 1, F32",
    "1, 33, 7, 7, 5, 5, 1, 2, 1, BF16",
    "2, 48, 12, 10, 5, 3, 3, 1, 1, F32",
    "2, 18, 15, 13, 5, 5, 2, 4, 2, F32",
    "2, 17, 3, 2, 7, 7, 1, 3, 1, F32",
    "2, 3, 8, 8, 5, 5, 2, 2, 1, F32",
    "2, 24, 8, 8, 5, 5, 4, 0, 1, BF16",
  })
  void definition(
      int n, int c, int h, int w, int kH, int kW, int stride, int pad, int dilation, DType type) {
    compare(
        Shape.of(n, c, h, w),
        Shape.of(c, 1, kH, kW),
        new Conv2dGeometry(stride, stride, pad, pad, dilation, dilation, c),
        type);
  }

  /** An even number of zeros or an odd one, more zeros than pixels. */
  @ParameterizedTest
  @CsvSource({
    "2, 16, 12, 15, 5, 2, F32",
    "2, 18, 15, 12, 5, 2, BF16",
    "3, 16, 9, 10, 3, 2, F32",
    "1, 17, 2, 3, 7, 2, F32",
    "2, 16, 14, 14, 5, 1, F32",
    "2, 16, 13, 14, 5, 3, F32",
  })
  void samePaddingOfTensorFlow(int n, int c, int h, int w, int k, int stride, DType type) {
    Shape xs = Shape.of(n, c, h, w);
    Shape ws = Shape.of(c, 1, k, k);
    compare(xs, ws, Conv2dGeometry.of(stride, 0, c).paddedSame(xs, ws), type);
  }

  private static void compare(Shape xs, Shape ws, Conv2dGeometry g, DType type) {
    Shape ys = g.outputShape(xs, ws);
    SplittableRandom random = new SplittableRandom(5);
    try (Tensor x = values(xs, type, random);
        Tensor dy = values(ys, type, random);
        Tensor filters = values(ws, DType.F32, random);
        Tensor dw = CPU.convolutions().backwardWeight(x, dy, filters, null, g)) {
      float[] want =
          defined(
              CPU.memory().download(x, DType.F32).toFloats(),
              CPU.memory().download(dy, DType.F32).toFloats(),
              xs,
              ys,
              ws,
              g);
      assertEquals(ws, dw.shape());
      assertArrayEquals(want, CPU.memory().download(dw, DType.F32).toFloats(), 2e-5f);
    }
  }

  @Test
  void noFilterOfEfficientNetIsLeftToTheReferenceKernel() {
    for (int k : new int[] {3, 5}) {
      for (int stride : new int[] {1, 2}) {
        Conv2dGeometry both = Conv2dGeometry.of(stride, k / 2, 48);
        SplittableRandom random = new SplittableRandom(6);
        for (DType type : new DType[] {DType.F32, DType.BF16}) {
          try (Tensor x = values(Shape.of(2, 48, 14, 14), type, random);
              Tensor w = values(Shape.of(48, 1, k, k), DType.F32, random)) {
            Conv2dGeometry same = both.paddedSame(x.shape(), w.shape());
            for (Conv2dGeometry g : List.of(both, same)) {
              for (Kernel pass : Kernel.values()) {
                String kernel = CPU.convolutions().implementation(pass, x, w, g);
                assertFalse(kernel.startsWith("ref"), pass + " in " + type + ": " + kernel);
              }
            }
          }
        }
      }
    }
  }

  private static float[] defined(
      float[] x, float[] dy, Shape xs, Shape ys, Shape ws, Conv2dGeometry g) {
    int h = xs.size(2);
    int w = xs.size(3);
    float[] out = new float[Math.toIntExact(ws.elements())];
    for (int c = 0; c < ws.size(0); c++) {
      for (int i = 0; i < ws.size(2); i++) {
        for (int j = 0; j < ws.size(3); j++) {
          double sum = 0;
          for (int n = 0; n < xs.size(0); n++) {
            for (int a = 0; a < ys.size(2); a++) {
              for (int b = 0; b < ys.size(3); b++) {
                int y = a * g.strideH() + i * g.dilationH() - g.padTop();
                int z = b * g.strideW() + j * g.dilationW() - g.padLeft();
                if (y >= 0 && y < h && z >= 0 && z < w) {
                  int plane = n * xs.size(1) + c;
                  sum +=
                      (double) x[(plane * h + y) * w + z]
                          * dy[(plane * ys.size(2) + a) * ys.size(3) + b];
                }
              }
            }
          }
          out[(c * ws.size(2) + i) * ws.size(3) + j] = (float) sum;
        }
      }
    }
    return out;
  }

  private static Tensor values(Shape shape, DType type, SplittableRandom random) {
    float[] all = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextGaussian();
    }
    try (Tensor plain = CPU.memory().upload(HostTensor.of(all, shape.dims()))) {
      return CPU.memory().cast(plain, type);
    }
  }
}
