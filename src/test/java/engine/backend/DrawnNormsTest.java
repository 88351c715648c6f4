package engine.backend;

import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Trained;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms agree with the CPU on shapes that nobody would choose. */
final class DrawnNormsTest extends DrawnShapes {
  @ParameterizedTest
  @MethodSource("others")
  void layerNorms(Backend device) {
    long[][] shapes = {
      {1, 1}, {0, 7}, {3, 2050}, {2050, 3}, {257, 33}, {2, 1, 3, 1}, {2, 33, 5, 7}, {1, 5, 1, 300}
    };
    for (long[] s : shapes) {
      int axis = s.length == 4 ? 1 : -1;
      agree(
          device,
          1e-4,
          "layer norm of " + Arrays.toString(s),
          (b, x) -> {
            var f = b.layerNorms().forward(x[0], x[2], x[3], axis, 1e-2f);
            var g = b.layerNorms().backward(x[1], x[0], x[2], f.saved(), axis);
            return List.of(f.y(), f.saved().mean(), f.saved().rstd(), g.x(), g.scale(), g.shift());
          },
          normal(s),
          normal(s),
          normal(s[s.length == 4 ? 1 : s.length - 1]),
          normal(s[s.length == 4 ? 1 : s.length - 1]));
    }
  }

  /** Half types come out rounded once: what is summed is not. */
  @ParameterizedTest
  @MethodSource("others")
  void layerNormsOfHalves(Backend device) {
    HostTensor x = normal(2, 40, 3, 5);
    HostTensor c = normal(40);
    for (DType t : List.of(DType.F16, DType.BF16)) {
      agree(
          device,
          0x1p-7,
          t + " layer norm",
          (b, in) -> {
            try (Tensor half = b.memory().cast(in[0], t);
                Tensor dy = b.memory().cast(in[1], t)) {
              var f = b.layerNorms().forward(half, in[2], in[2], 1, 1e-2f);
              var g = b.layerNorms().backward(dy, half, in[2], f.saved(), 1);
              return List.of(
                  f.y(), f.saved().mean(), f.saved().rstd(), g.x(), g.scale(), g.shift());
            }
          },
          x,
          normal(2, 40, 3, 5),
          c);
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void norms(Backend device) {
    for (long[] s : new long[][] {{2, 1, 1, 1}, {3, 5, 7, 9}, {1, 3, 181, 193}, {33, 17, 1, 3}}) {
      agree(
          device,
          1e-3,
          "norm of " + Arrays.toString(s),
          (b, x) -> {
            Trained t =
                b.normalizations()
                    .train(x[0], null, new Affine(x[1], x[2], 1e-5f), new After(null, true));
            if (t.saved().workspace() != null) {
              t.saved().workspace().close();
            }
            return List.of(t.y(), t.saved().batch().mean(), t.saved().batch().variance());
          },
          normal(s),
          normal(s[1]),
          normal(s[1]));
    }
  }
}
