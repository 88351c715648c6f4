package engine.backend;

import engine.backend.Elementwise.Binary;
import engine.backend.Losses.Reduction;
import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.SgdRule;
import engine.backend.Optimizers.Slot;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every device agrees with the CPU, the oracle, on shapes that nobody would choose: odd ones, one
 * more and one less than a vector, a warp or a block, empty ones, very long rows. The seed of what
 * is drawn is in every message; {@code -Dengine.test.seed} draws others.
 */
final class DrawnShapesTest extends DrawnShapes {
  private static final int[] LENGTHS = {0, 1, 3, 31, 33, 127, 255, 257, 1025, 20_011};

  // ---- one test a family of kernels ----

  @ParameterizedTest
  @MethodSource("others")
  void activations(Backend device) {
    for (int n : LENGTHS) {
      for (Activation f : Activation.values()) {
        agree(
            device,
            1e-5,
            f + " of " + n,
            (b, x) ->
                List.of(
                    b.elementwise().activation(f, x[0]),
                    b.elementwise().activationBackward(f, x[0], x[1])),
            normal(n),
            normal(n));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void arithmetic(Backend device) {
    for (Binary op : Binary.values()) {
      Work work = (b, x) -> List.of(b.elementwise().binary(op, x[0], x[1]));
      for (int n : LENGTHS) {
        agree(device, 1e-6, op + " of " + n, work, normal(n), away(n));
      }
      for (int i = 0; i < 6; i++) {
        long[] a = {size(5), size(40), size(17)};
        long[] c = a.clone();
        c[random.nextInt(3)] = 1;
        c[random.nextInt(3)] = 1;
        String what = op + " of " + Arrays.toString(a) + " and " + Arrays.toString(c);
        agree(device, 1e-6, what, work, normal(a), away(c));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void castsAndScale(Backend device) {
    for (int n : LENGTHS) {
      for (DType t : List.of(DType.F16, DType.BF16)) {
        agree(device, 0, t + " of " + n, (b, x) -> List.of(b.memory().cast(x[0], t)), normal(n));
      }
      agree(
          device, 0, "scale " + n, (b, x) -> List.of(b.elementwise().scale(x[0], 0.3f)), normal(n));
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void dropoutMasksAreTheSameBits(Backend device) {
    HostTensor state = HostTensor.of(new long[] {random.nextLong(), 5}, 2);
    for (int n : LENGTHS) {
      agree(
          device,
          0,
          "mask of " + n,
          (b, x) -> List.of(b.elementwise().dropoutMask(x[0], 0.3f, x[1], 3)),
          normal(n),
          state);
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void reductions(Backend device) {
    long[][] shapes = {
      {1, 1}, {3, 20_011}, {20_011, 3}, {257, 33}, {size(9), size(50)}, {size(300), size(300)}
    };
    for (long[] s : shapes) {
      for (int axis = 0; axis < 2; axis++) {
        int[] axes = {axis};
        int along = axis;
        agree(
            device,
            1e-4,
            "along axis " + axis + " of " + Arrays.toString(s),
            (b, x) -> {
              Reductions r = b.reductions();
              Tensor sum = r.sum(x[0], axes, false);
              Tensor max = r.amax(x[0], axes, false);
              Reductions.MaxDim first = r.maxDim(x[0], along, false);
              Tensor soft = r.softmax(x[0], along, false);
              return List.of(
                  sum,
                  r.mean(x[0], axes, true),
                  r.expand(sum, x[0], axes, 0.5f),
                  max,
                  r.amaxBackward(sum, max, x[0], axes),
                  first.values(),
                  first.indices(),
                  r.maxDimBackward(sum, first.indices(), x[0], along),
                  soft,
                  r.softmaxBackward(x[0], soft, along, false));
            },
            normal(s));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void losses(Backend device) {
    for (int[] s : new int[][] {{1, 2}, {3, 20_011}, {257, 33}, {size(70), 1 + size(200)}}) {
      int n = s[0];
      int k = s[1];
      int[] targets = random.ints(n, 0, k).toArray();
      for (Reduction reduction : Reduction.values()) {
        agree(
            device,
            2e-5,
            reduction + " of " + Arrays.toString(s),
            (b, x) -> {
              Losses.Result hard = b.losses().crossEntropy(x[0], x[1], null, 0.1f, -100, reduction);
              Losses.Result others = b.losses().labelSmoothingKl(x[0], x[1], 0.2f);
              return List.of(hard.loss(), hard.dlogits(), others.loss(), others.dlogits());
            },
            normal(n, k),
            HostTensor.of(targets, n));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void pools(Backend device) {
    for (int i = 0; i < 6; i++) {
      long[] s = {size(3), size(5), 3 + size(20), 3 + size(33)};
      PoolGeometry g = PoolGeometry.of(1 + random.nextInt(3), 1 + random.nextInt(3), 0);
      int outH = size(4);
      int outW = size(4);
      agree(
          device,
          1e-5,
          g + " of " + Arrays.toString(s),
          (b, x) -> {
            Pools p = b.pools();
            Pools.Max max = p.max(x[0], g);
            Pools.Max cells = p.adaptiveMax(x[0], outH, outW);
            Tensor average = p.average(x[0], g, true);
            Tensor means = p.adaptiveAverage(x[0], outH, outW);
            List<Tensor> all =
                List.of(
                    max.y(),
                    p.maxBackward(average, max, x[0], g),
                    p.averageBackward(max.y(), x[0], g, true),
                    average,
                    cells.y(),
                    p.adaptiveMaxBackward(means, cells, x[0]),
                    means,
                    p.adaptiveAverageBackward(means, x[0]),
                    p.adaptiveAverage(x[0], 1, 1));
            max.where().close(); // each device keeps places as it likes
            cells.where().close();
            return all;
          },
          normal(s));
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void optimizersOfManyTensors(Backend device) {
    int[] sizes = random.ints(50, 1, 40).toArray(); // more than one launch takes
    sizes[7] = 20_011;
    AdamRule adam = new AdamRule(0.9, 0.999, 1e-8, true, false);
    SgdRule sgd = new SgdRule(0.9, 0, true);
    List<HostTensor> inputs = new ArrayList<>();
    for (int n : sizes) {
      inputs.addAll(List.of(normal(n), normal(n), normal(n), uniform(n)));
    }
    int rates = inputs.size();
    inputs.add(HostTensor.of(new float[] {0.01f, 0.1f}, 2));
    inputs.add(HostTensor.of(new float[sizes.length], sizes.length));
    inputs.add(HostTensor.of(new float[sizes.length], sizes.length));
    agree(
        device,
        1e-5,
        "50 tensors",
        (b, x) -> {
          List<Slot> forAdam = new ArrayList<>();
          List<Slot> forSgd = new ArrayList<>();
          List<Tensor> gradients = new ArrayList<>();
          List<Tensor> results = new ArrayList<>();
          for (int i = 0; i < sizes.length; i++) {
            Tensor p = x[4 * i];
            Tensor g = x[4 * i + 1];
            forAdam.add(new Slot(p, g, x[4 * i + 2], x[4 * i + 3], null, i));
            forSgd.add(new Slot(p, g, x[4 * i + 2], null, null, i));
            gradients.add(g);
            results.add(p.retain());
            results.add(x[4 * i + 2].retain());
          }
          b.optimizers().adamInPlace(forAdam, adam, x[rates], x[rates + 1], null);
          b.optimizers().sgdInPlace(forSgd, sgd, x[rates], x[rates + 2], null);
          results.add(b.optimizers().norm(gradients));
          return results;
        },
        inputs.toArray(HostTensor[]::new));
  }

  @ParameterizedTest
  @MethodSource("others")
  void fakeQuantisation(Backend device) {
    for (long[] s : new long[][] {{0, 3}, {1, 1}, {33, 7}, {3, 20_011}, {size(40), size(300)}}) {
      for (int axis = -1; axis < 2; axis++) {
        int channels = axis < 0 ? 1 : (int) s[axis];
        int along = axis;
        if (channels > 1000 || s[0] == 0 && axis >= 0) {
          continue;
        }
        agree(
            device,
            1e-6,
            "axis " + axis + " of " + Arrays.toString(s),
            (b, x) -> fakeQuantise(b, x, along),
            normal(s),
            normal(s),
            uniform(channels),
            HostTensor.of(random.ints(channels, -9, 9).toArray(), channels),
            axis == 0 ? normal(channels) : normal(1));
      }
    }
  }

  private static List<Tensor> fakeQuantise(Backend b, Tensor[] x, int axis) {
    Quantizers q = b.quantizers();
    Quantizers.QuantRange grid = new Quantizers.QuantRange(axis, x[2], x[3], -128, 127);
    Tensor factor = axis == 0 ? x[4] : null;
    Tensor min = b.memory().emptyLike(x[2]);
    Tensor max = b.memory().emptyLike(x[2]);
    b.memory().fillInPlace(min, Float.POSITIVE_INFINITY);
    b.memory().fillInPlace(max, Float.NEGATIVE_INFINITY);
    q.observeInPlace(x[0], axis, factor, min, max, 0.1f);
    q.observeInPlace(x[1], axis, factor, min, max, 0.1f);
    List<Tensor> all = new ArrayList<>(List.of(min, max));
    for (Quantizers.Scheme scheme : Quantizers.Scheme.values()) {
      Tensor scale = b.memory().emptyLike(x[2]);
      Tensor zero = b.memory().emptyLike(x[3]);
      q.qparamsInPlace(min, max, scheme, -128, 127, scale, zero);
      all.addAll(List.of(scale, zero));
    }
    all.add(q.fakeQuantize(x[0], factor, grid));
    all.add(q.fakeQuantizeBackward(x[1], x[0], factor, grid));
    all.add(q.roundingGradient(x[1], x[0], factor, grid));
    return all;
  }
}
