package engine.autograd;

import static engine.autograd.GradientCheck.check;
import static engine.autograd.Inputs.distinct;
import static engine.autograd.Inputs.nonZero;
import static engine.autograd.Inputs.normal;

import engine.OnEveryDevice;
import engine.autograd.BatchNorm.After;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Losses.Reduction;
import engine.backend.Normalizations.Statistics;
import engine.backend.PoolGeometry;
import engine.backend.PoolGeometry.Extent;
import engine.nn.Mish;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Central differences agree with the backward of every op, on every device present. */
final class OpGradientTest {
  @OnEveryDevice
  void everyActivation(Backend b) {
    for (Activation f : Activation.values()) {
      check(b, (t, x) -> Activate.apply(t, f, x[0]), distinct(3, 5, 4));
    }
  }

  @OnEveryDevice
  void everyActivationInTheLayoutOfConvolutions(Backend b) {
    for (Activation f : Activation.values()) {
      check(b, (t, x) -> Activate.apply(t, f, blocked(t, x[0])), distinct(2, 6, 3, 2));
    }
  }

  @OnEveryDevice
  void mish(Backend b) {
    check(b, (t, x) -> new Mish().forward(t, x[0]), normal(3, 5, 4));
  }

  @OnEveryDevice
  void addWithBroadcasting(Backend b) {
    check(b, (t, x) -> Add.apply(t, x[0], x[1]), normal(2, 3, 4), normal(2, 3, 4));
    check(b, (t, x) -> Add.apply(t, x[0], x[1]), normal(2, 1, 4, 1), normal(3, 1, 5));
    check(b, (t, x) -> Add.apply(t, x[0], x[1]), normal(2, 3), normal());
    check(b, (t, x) -> Add.apply(t, x[0], x[0]), normal(2, 3));
  }

  @OnEveryDevice
  void subWithBroadcasting(Backend b) {
    check(b, (t, x) -> Sub.apply(t, x[0], x[1]), normal(1, 3, 4, 2), normal(2, 3, 1, 1));
  }

  @OnEveryDevice
  void mulWithBroadcasting(Backend b) {
    check(b, (t, x) -> Mul.apply(t, x[0], x[1]), normal(2, 3, 4, 2), normal(2, 3, 1, 1));
    check(b, (t, x) -> Mul.apply(t, x[0], x[1]), normal(2, 3, 4, 2), normal(2, 1, 4, 2));
    check(b, (t, x) -> Mul.apply(t, x[0], x[0]), normal(2, 3));
  }

  @OnEveryDevice
  void mulOfConvolutionOutputsByGates(Backend b) {
    for (long[] gate :
        new long[][] {{2, 5, 1, 1}, {1, 5, 1, 1}, {2, 1, 1, 1}, {2, 1, 3, 4}, {2, 5, 3, 4}}) {
      check(b, (t, x) -> Mul.apply(t, blocked(t, x[0]), x[1]), normal(2, 5, 3, 4), normal(gate));
    }
  }

  @OnEveryDevice
  void divWithBroadcasting(Backend b) {
    check(b, (t, x) -> Div.apply(t, x[0], x[1]), normal(2, 3, 4, 2), nonZero(2, 1, 1, 2));
  }

  @OnEveryDevice
  void scale(Backend b) {
    check(b, (t, x) -> Scale.apply(t, x[0], -2.5f), normal(3, 4));
  }

  @OnEveryDevice
  void sumAndMeanOverAnyAxes(Backend b) {
    for (int[] axes :
        new int[][] {{0}, {1}, {-1}, {2, 3}, {0, 2}, {0, 1, 2, 3}, {0, 2, 3}, {1, 3}}) {
      check(b, (t, x) -> Sum.apply(t, x[0], axes, false), normal(2, 3, 4, 2));
      check(b, (t, x) -> Mean.apply(t, x[0], axes, true), normal(2, 3, 4, 2));
    }
  }

  @OnEveryDevice
  void amaxOverAnyAxes(Backend b) {
    for (int[] axes : new int[][] {{1}, {2, 3}, {0, 2}}) {
      check(b, (t, x) -> Amax.apply(t, x[0], axes, true), distinct(2, 3, 4, 2));
    }
  }

  @OnEveryDevice
  void maxDimAlongAnyAxis(Backend b) {
    for (int axis : new int[] {0, 1, -1}) {
      check(b, (t, x) -> MaxDim.apply(t, x[0], axis, axis == 1), distinct(2, 3, 4, 2));
    }
  }

  @OnEveryDevice
  void softmaxAndLogSoftmaxAlongAnyAxis(Backend b) {
    for (int axis : new int[] {0, 1, -1}) {
      check(b, (t, x) -> Softmax.apply(t, x[0], axis), normal(3, 4, 2));
      check(b, (t, x) -> LogSoftmax.apply(t, x[0], axis), normal(3, 4, 2));
    }
  }

  @OnEveryDevice
  void reductionsAndPoolsOfConvolutionOutputs(Backend b) {
    check(b, (t, x) -> Mean.apply(t, blocked(t, x[0]), new int[] {1}, true), normal(2, 5, 3, 4));
    check(b, (t, x) -> MaxDim.apply(t, blocked(t, x[0]), 1, true), distinct(2, 5, 3, 4));
    check(
        b, (t, x) -> Amax.apply(t, blocked(t, x[0]), new int[] {2, 3}, true), distinct(2, 5, 3, 4));
    check(b, (t, x) -> AdaptiveMaxPool2d.apply(t, blocked(t, x[0]), 1, 1), distinct(2, 5, 3, 4));
    check(b, (t, x) -> AdaptiveAvgPool2d.apply(t, blocked(t, x[0]), 1, 1), normal(2, 5, 3, 4));
    check(
        b,
        (t, x) -> MaxPool2d.apply(t, blocked(t, x[0]), PoolGeometry.of(3, 2, 1)),
        distinct(2, 5, 6, 5));
    check(
        b,
        (t, x) -> Concat.apply(t, 1, blocked(t, x[0]), x[1]),
        normal(2, 5, 3, 4),
        normal(2, 3, 3, 4));
  }

  @OnEveryDevice
  void layerNormsOfRowsAndOfChannels(Backend b) {
    for (long[] s : new long[][] {{3, 5}, {2, 3, 7}, {2, 4, 3, 5}, {4, 33}}) {
      long n = s[s.length - 1];
      check(
          b,
          (t, x) -> LayerNorm.apply(t, x[0], x[1], x[2], -1, 1e-5f),
          normal(s),
          normal(n),
          normal(n));
    }
    check(
        b,
        (t, x) -> LayerNorm.apply(t, x[0], x[1], x[2], 1, 1e-6f),
        normal(2, 5, 3, 4),
        normal(5),
        normal(5));
    check(
        b,
        (t, x) -> LayerNorm.apply(t, blocked(t, x[0]), x[1], x[2], 1, 1e-6f),
        normal(2, 5, 3, 4),
        normal(5),
        normal(5));
  }

  @OnEveryDevice
  void convolutions(Backend b) {
    conv(b, Conv2dGeometry.of(1, 1, 1), new long[] {2, 3, 5, 4}, new long[] {4, 3, 3, 3});
    conv(b, Conv2dGeometry.of(2, 1, 1), new long[] {2, 5, 6, 5}, new long[] {17, 5, 3, 3});
    conv(b, Conv2dGeometry.of(1, 0, 1), new long[] {2, 20, 3, 3}, new long[] {4, 20, 1, 1});
    conv(
        b,
        new Conv2dGeometry(1, 2, 2, 0, 2, 1, 1),
        new long[] {1, 4, 6, 5},
        new long[] {3, 4, 3, 2});
  }

  @OnEveryDevice
  void groupedAndDepthwiseConvolutions(Backend b) {
    conv(b, Conv2dGeometry.of(1, 1, 2), new long[] {2, 4, 4, 5}, new long[] {6, 2, 3, 3});
    conv(b, Conv2dGeometry.of(2, 1, 5), new long[] {2, 5, 5, 4}, new long[] {5, 1, 3, 3});
    conv(b, Conv2dGeometry.of(1, 2, 18), new long[] {1, 18, 4, 4}, new long[] {18, 1, 5, 5});
    conv(b, Conv2dGeometry.of(1, 1, 3), new long[] {2, 3, 4, 4}, new long[] {6, 1, 3, 3});
  }

  /** An odd number of zeros has one more at the bottom and on the right. */
  @OnEveryDevice
  void convolutionsWithSamePadding(Backend b) {
    same(b, 2, 1, new long[] {2, 3, 6, 5}, new long[] {4, 3, 3, 3});
    same(b, 2, 5, new long[] {2, 5, 5, 4}, new long[] {5, 1, 3, 3});
    same(b, 2, 18, new long[] {1, 18, 4, 3}, new long[] {18, 1, 5, 5});
    same(b, 3, 1, new long[] {1, 8, 7, 4}, new long[] {3, 8, 4, 5});
  }

  private static void same(Backend b, int stride, int groups, long[] x, long[] w) {
    conv(b, Conv2dGeometry.of(stride, 0, groups).paddedSame(Shape.of(x), Shape.of(w)), x, w);
  }

  private static void conv(Backend b, Conv2dGeometry g, long[] x, long[] w) {
    check(
        b,
        (t, in) -> Conv2dOp.apply(t, in[0], in[1], in[2], g),
        normal(x),
        normal(w),
        normal(w[0]));
  }

  @OnEveryDevice
  void linear(Backend b) {
    check(b, (t, x) -> LinearOp.apply(t, x[0], x[1], x[2]), normal(3, 5), normal(4, 5), normal(4));
    check(b, (t, x) -> LinearOp.apply(t, x[0], x[1], null), normal(1, 5), normal(4, 5));
  }

  private static BatchNorm.Affine norm(Variable scale, Variable shift) {
    return new BatchNorm.Affine(scale, shift, 1e-5f);
  }

  @OnEveryDevice
  void batchNormInTraining(Backend b) {
    check(
        b,
        true,
        5e-3,
        (t, x) -> BatchNorm.train(t, x[0], norm(x[1], x[2]), null, After.NOTHING),
        normal(4, 3, 3, 2),
        nonZero(3),
        normal(3));
    check(
        b,
        true,
        5e-3,
        (t, x) -> BatchNorm.train(t, x[0], norm(null, null), null, After.NOTHING),
        normal(6, 3));
  }

  @OnEveryDevice
  void batchNormWithResidualAndRelu(Backend b) {
    HostTensor scale = HostTensor.of(new float[] {1, 2, 1.5f}, 3);
    HostTensor shift = HostTensor.of(new float[] {0.01f, -0.02f, 0.03f}, 3);
    check(
        b,
        false,
        2e-3,
        (t, x) -> {
          Tensor mean = t.constant(b.memory().zeros(DType.F32, Shape.of(3))).value();
          Tensor one = b.memory().empty(DType.F32, Shape.of(3));
          b.memory().fillInPlace(one, 1);
          Tensor variance = t.constant(one).value();
          return BatchNorm.infer(
              t,
              x[0],
              new BatchNorm.Affine(x[1], x[2], 0),
              new Statistics(mean, variance),
              After.addRelu(x[3]));
        },
        distinct(2, 3, 2, 2),
        scale,
        shift,
        HostTensor.zeros(DType.F32, Shape.of(2, 3, 2, 2)));
    check(
        b,
        true,
        2e-2,
        (t, x) -> BatchNorm.train(t, x[0], norm(x[1], x[2]), null, After.addRelu(x[3])),
        normal(4, 3, 3, 2),
        HostTensor.of(new float[] {0.1f, 0.1f, 0.1f}, 3),
        HostTensor.of(new float[] {3, 3, -3}, 3),
        HostTensor.zeros(DType.F32, Shape.of(4, 3, 3, 2)));
  }

  /**
   * The backward of ReLU writes over the gradient that it gets, which a sum has handed to both its
   * terms.
   */
  @OnEveryDevice
  void aGradientThatTwoOpsShareIsNotOverwritten(Backend b) {
    check(
        b,
        false,
        2e-3,
        (t, x) -> {
          Tensor zero = constant(t, HostTensor.of(new float[3], 3));
          Tensor one = constant(t, HostTensor.of(new float[] {1, 1, 1}, 3));
          Variable y =
              BatchNorm.infer(
                  t,
                  x[0],
                  new BatchNorm.Affine(null, null, 0),
                  new Statistics(zero, one),
                  After.RELU);
          return Add.apply(t, y, x[1]);
        },
        distinct(2, 3, 2, 2),
        normal(2, 3, 2, 2));
  }

  @OnEveryDevice
  void maxPools(Backend b) {
    check(b, (t, x) -> MaxPool2d.apply(t, x[0], PoolGeometry.of(3, 2, 1)), distinct(2, 3, 5, 6));
    PoolGeometry ceil =
        new PoolGeometry(
            new Extent(3, 2), new Extent(2, 1), new Extent(0, 1), new Extent(1, 2), true);
    check(b, (t, x) -> MaxPool2d.apply(t, x[0], ceil), distinct(2, 3, 6, 5));
    for (int[] out : new int[][] {{1, 1}, {2, 3}, {5, 1}}) {
      check(b, (t, x) -> AdaptiveMaxPool2d.apply(t, x[0], out[0], out[1]), distinct(2, 3, 4, 5));
    }
  }

  @OnEveryDevice
  void averagePools(Backend b) {
    PoolGeometry g = PoolGeometry.of(3, 2, 1);
    check(b, (t, x) -> AvgPool2d.apply(t, x[0], g, true), normal(2, 3, 5, 6));
    check(b, (t, x) -> AvgPool2d.apply(t, x[0], g, false), normal(2, 3, 5, 6));
    for (int[] out : new int[][] {{1, 1}, {2, 3}, {5, 1}, {7, 7}}) {
      check(b, (t, x) -> AdaptiveAvgPool2d.apply(t, x[0], out[0], out[1]), normal(2, 3, 4, 5));
    }
  }

  @OnEveryDevice
  void crossEntropyHardAndSoft(Backend b) {
    int[] y = {1, 0, 4, -100, 2};
    float[] w = {0.3f, 1, 2, 0.7f, 1.2f};
    HostTensor q = distributions(4, 3);
    for (Reduction r : Reduction.values()) {
      for (float eps : new float[] {0, 0.2f}) {
        check(
            b,
            (t, x) ->
                CrossEntropy.apply(
                    t,
                    x[0],
                    constant(t, HostTensor.of(y, 5)),
                    constant(t, HostTensor.of(w, 5)),
                    eps,
                    -100,
                    r),
            normal(5, 5));
        check(b, (t, x) -> CrossEntropy.soft(t, x[0], constant(t, q), eps, r), normal(4, 3));
      }
    }
  }

  @OnEveryDevice
  void klDivergences(Backend b) {
    HostTensor y = HostTensor.of(new int[] {1, 0, 4}, 3);
    check(b, (t, x) -> LabelSmoothingKl.apply(t, x[0], constant(t, y), 0.1f), normal(3, 5));
    HostTensor q = distributions(4, 3);
    check(b, (t, x) -> KlDivergence.apply(t, x[0], constant(t, q)), normal(4, 3));
  }

  @OnEveryDevice
  void dropoutAndStochasticDepth(Backend b) {
    HostTensor state = HostTensor.of(new long[] {5, 3}, 2);
    check(b, (t, x) -> Dropout.apply(t.withRandom(constant(t, state)), x[0], 0.4f), normal(5, 7));
    check(
        b,
        (t, x) -> StochasticDepth.apply(t.withRandom(constant(t, state)), x[0], 0.4f),
        normal(5, 3, 2, 2));
    HostTensor keep = HostTensor.of(new float[] {1, 0, 1, 1, 0, 1}, 2, 3);
    check(b, (t, x) -> Dropout.apply(t, x[0], constant(t, keep), 0.25f), normal(2, 3));
  }

  @OnEveryDevice
  void concatReshapeFlatten(Backend b) {
    for (int axis : new int[] {0, 1, -1}) {
      long[] second = {2, 3, 4};
      second[axis < 0 ? 2 : axis] = 5;
      check(b, (t, x) -> Concat.apply(t, axis, x[0], x[1]), normal(2, 3, 4), normal(second));
    }
    check(b, (t, x) -> Reshape.apply(t, x[0], Shape.of(4, 6)), normal(2, 3, 4));
    check(b, (t, x) -> Flatten.apply(t, blocked(t, x[0])), normal(2, 5, 3, 4));
  }

  @OnEveryDevice
  void castThereAndBack(Backend b) {
    // Values that bf16 holds exactly, moved by more than its spacing would vanish: only the
    // backward is looked at.
    check(
        b,
        true,
        0.3,
        (t, x) -> Cast.apply(t, Cast.apply(t, x[0], DType.BF16), DType.F32),
        normal(3, 4));
  }

  private static Tensor constant(Tape t, HostTensor v) {
    return t.constant(t.backend().memory().upload(v)).value();
  }

  private static HostTensor distributions(int n, int k) {
    float[] q = normal(n, k).toFloats();
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int c = 0; c < k; c++) {
        sum += Math.exp(q[i * k + c]);
      }
      for (int c = 0; c < k; c++) {
        q[i * k + c] = (float) (Math.exp(q[i * k + c]) / sum);
      }
    }
    return HostTensor.of(q, n, k);
  }

  /** x through a 1x1 convolution that changes nothing but the layout. */
  private static Variable blocked(Tape t, Variable x) {
    int channels = x.shape().size(1);
    float[] w = new float[channels * channels];
    for (int i = 0; i < channels; i++) {
      w[i * channels + i] = 1;
    }
    Variable identity =
        t.constant(t.backend().memory().upload(HostTensor.of(w, channels, channels, 1, 1)));
    return Conv2dOp.apply(t, x, identity, null, Conv2dGeometry.of(1, 0, 1));
  }
}
