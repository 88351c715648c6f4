package engine.backend.cuda.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Result;
import engine.backend.Normalizations.Statistics;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Norms of channels-last halves, and of values far from zero. */
final class HalfNormsTest {
  private static final long SEED = Long.getLong("engine.test.seed", 20261124);

  private final DrawnValues draw = new DrawnValues(SEED);

  @OnEveryGpu
  void normsOfHalvesAreThoseOfTheirValues(CudaBackend gpu) {
    for (long[] s : new long[][] {{2, 5, 7, 9}, {3, 64, 5, 5}, {2, 13, 3, 3}, {40, 300, 2, 2}}) {
      HostTensor[] v = {
        draw.coarse(s),
        draw.coarse(s),
        draw.coarse(s),
        draw.normal(s[1]),
        draw.normal(s[1]),
        draw.squares((int) s[1])
      };
      List<float[]> want = norms(gpu, DType.F32, v);
      for (DType type : List.of(DType.F16, DType.BF16)) {
        List<float[]> got = norms(gpu, type, v);
        for (int i = 0; i < want.size(); i++) {
          float most = 1;
          for (float w : want.get(i)) {
            most = Math.max(most, Math.abs(w));
          }
          float tolerance = most * (type == DType.F16 ? 0x1p-9f : 0x1p-6f);
          String where = type + " of " + Arrays.toString(s) + ", seed " + SEED + ", result " + i;
          assertArrayEquals(want.get(i), got.get(i), tolerance, where);
        }
      }
    }
  }

  /** Both forwards and backwards with a residual and a ReLU; v: x, dy, residual, and a channel. */
  private static List<float[]> norms(CudaBackend gpu, DType type, HostTensor[] v) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    Normalizations n = gpu.normalizations();
    List<Tensor> out = new ArrayList<>();
    try (var _ = TestDevices.noLeaks(gpu)) {
      Tensor[] in = Arrays.stream(v).map(memory::upload).toArray(Tensor[]::new);
      for (int i = 0; i < 3; i++) {
        try (Tensor rowMajor = in[i]) {
          in[i] = memory.toChannelsLast(rowMajor, type);
        }
      }
      Affine norm = new Affine(in[3], in[4], 1e-5f);
      After after = new After(in[2], true);
      var t = n.train(in[0], null, norm, after);
      // Another owner of dy: it must stay as it is.
      try (Tensor owner = in[1].retain()) {
        var g = n.backwardInPlace(in[0], in[1], new Result(t.y(), true, true), norm, t.saved());
        out.addAll(List.of(t.y(), g.x(), g.scale(), g.shift(), g.residual(), owner.retain()));
      }
      Statistics fixed = new Statistics(t.saved().batch().mean(), in[5]);
      Tensor y = n.infer(in[0], norm, fixed, after);
      var g = n.inferBackwardInPlace(in[0], in[1], new Result(y, true, true), norm, fixed);
      out.addAll(List.of(y, g.x(), g.scale(), g.shift(), g.residual()));
      t.saved().close();
      List<float[]> values = out.stream().map(o -> memory.download(o).toFloats()).toList();
      out.forEach(Tensor::close);
      Arrays.stream(in).forEach(Tensor::close);
      return values;
    }
  }

  @OnEveryGpu
  void aLargeMeanCostsNoDigitsOfTheVariance(CudaBackend gpu) {
    float[] v = new float[3000 * 9];
    for (int i = 0; i < v.length; i++) {
      // The first pixel, which the sums start from, lies far off.
      v[i] = i < 9 ? -1000 : 3000 + (i / 9 % 2);
    }
    try (Tensor x = gpu.memory().upload(HostTensor.of(v, 3000, 9))) {
      var t = gpu.normalizations().train(x, null, new Affine(null, null, 1e-5f), After.NOTHING);
      float[] variance = gpu.memory().download(t.saved().batch().variance()).toFloats();
      double p = 1.0 / 3000;
      // That of 2999 values around 3000.5, and of the two means (Chan et al., equation 1.5).
      double want = 0.25 * (1 - p) + p * (1 - p) * 4000.5 * 4000.5;
      for (float got : variance) {
        assertEquals(want, got, 1e-4 * want);
      }
      t.y().close();
      t.saved().close();
    }
  }
}
