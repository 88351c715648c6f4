package engine.verify.self;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Linears;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Result;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.verify.self.OpCheck.Op;
import java.util.ArrayList;
import java.util.List;

/** What layers do: convolutions, products, norms, poolings; forward and backward. */
final class LayerOps {
  private static final float EPS = 1e-5f;
  private static final Conv2dGeometry POINTWISE = Conv2dGeometry.of(1, 0, 1);

  private static final PoolGeometry POOL = PoolGeometry.of(3, 2, 1);

  private final Drawing draw;

  LayerOps(Drawing draw) {
    this.draw = draw;
  }

  List<Op> all() {
    List<Op> out = new ArrayList<>();
    out.add(convolution("convolution 3x3", 2, 16, 24, 3, Conv2dGeometry.of(1, 1, 1)));
    out.add(convolution("convolution 1x1, stride 2", 2, 16, 8, 1, Conv2dGeometry.of(2, 0, 1)));
    out.add(convolution("convolution 7x7 of images", 2, 3, 16, 7, Conv2dGeometry.of(2, 3, 1)));
    out.add(product());
    out.add(norm("batch norm, add, ReLU", true, true));
    out.add(norm("batch norm, ReLU", false, true));
    out.add(norm("batch norm", false, false));
    out.add(fixedNorm());
    out.add(layerNorm("layer norm of rows", -1, 9, 261));
    out.add(layerNorm("layer norm of channels", 1, 2, 40, 3, 5));
    // Odd channels take other kernels than those by eights.
    for (int channels : new int[] {16, 5}) {
      out.add(pooling(channels));
    }
    return out;
  }

  private Op convolution(String name, int n, int in, int outs, int kernel, Conv2dGeometry g) {
    Shape y = g.outputShape(Shape.of(n, in, 9, 11), Shape.of(outs, in, kernel, kernel));
    return new Op(
        name,
        1e-4,
        2,
        (b, x) -> {
          Convolutions c = b.convolutions();
          Tensor db = b.memory().emptyLike(x[3]);
          List<Tensor> all = new ArrayList<>();
          all.add(c.forward(x[0], x[2], x[3], g));
          all.add(c.backwardData(x[1], x[2], x[0].shape(), g));
          all.add(c.backwardWeight(x[0], x[1], x[2], db, g));
          all.add(db);
          return all;
        },
        draw.normal(n, in, 9, 11),
        draw.normal(y.dims()),
        draw.normal(outs, in, kernel, kernel),
        draw.normal(outs));
  }

  private Op product() {
    return new Op(
        "linear layer",
        1e-4,
        2,
        (b, x) -> {
          Linears l = b.linears();
          return List.of(
              l.forward(x[0], x[2], x[3]),
              l.backwardData(x[1], x[2], x[0]),
              l.backwardWeight(x[1], x[0]),
              l.backwardBias(x[1]));
        },
        draw.normal(9, 64),
        draw.normal(9, 24),
        draw.normal(24, 64),
        draw.normal(24));
  }

  private Op norm(String name, boolean residual, boolean relu) {
    return new Op(
        name,
        1e-3,
        3,
        (b, x) -> {
          Normalizations norms = b.normalizations();
          Affine affine = new Affine(x[3], x[4], EPS);
          Tensor mean = b.memory().zerosLike(x[3]);
          Tensor variance = b.memory().zerosLike(x[3]);
          Tensor count = b.memory().zeros(DType.I64, Shape.of());
          var running = new Running(new Statistics(mean, variance), count, 0.1f);
          After after = new After(residual ? x[1] : null, relu);
          var t = norms.train(x[0], null, affine, after, running);
          Tensor dy = b.memory().emptyLike(x[2]);
          b.memory().copyInPlace(x[2], dy);
          Result result = new Result(residual && relu ? t.y() : null, residual, relu);
          var g = norms.backwardInPlace(x[0], dy, result, affine, t.saved());
          dy.close();
          List<Tensor> all = new ArrayList<>(List.of(t.y(), g.x(), g.scale(), g.shift()));
          all.addAll(List.of(mean, variance, count));
          if (residual) {
            all.add(g.residual());
          }
          t.saved().close();
          return all;
        },
        draw.normal(2, 24, 7, 9),
        draw.normal(2, 24, 7, 9),
        draw.normal(2, 24, 7, 9),
        draw.away(24),
        draw.normal(24));
  }

  private Op fixedNorm() {
    return new Op(
        "batch norm of fixed statistics, add, ReLU",
        1e-3,
        3,
        (b, x) -> {
          Normalizations norms = b.normalizations();
          Affine affine = new Affine(x[3], x[4], EPS);
          Statistics fixed = new Statistics(x[4], x[5]);
          Tensor y = norms.infer(x[0], affine, fixed, new After(x[1], true));
          Tensor dy = b.memory().emptyLike(x[2]);
          b.memory().copyInPlace(x[2], dy);
          var g = norms.inferBackwardInPlace(x[0], dy, new Result(y, true, true), affine, fixed);
          dy.close();
          return List.of(y, g.x(), g.scale(), g.shift(), g.residual());
        },
        draw.normal(2, 24, 7, 9),
        draw.normal(2, 24, 7, 9),
        draw.normal(2, 24, 7, 9),
        draw.away(24),
        draw.normal(24),
        draw.positive(24));
  }

  private Op layerNorm(String name, int axis, long... shape) {
    long channels = shape[axis < 0 ? shape.length - 1 : axis];
    return new Op(
        name,
        1e-4,
        2,
        (b, x) -> {
          var f = b.layerNorms().forward(x[0], x[2], x[3], axis, 1e-2f);
          var g = b.layerNorms().backward(x[1], x[0], x[2], f.saved(), axis);
          f.saved().close();
          return List.of(f.y(), g.x(), g.scale(), g.shift());
        },
        draw.normal(shape),
        draw.normal(shape),
        draw.away(channels),
        draw.normal(channels));
  }

  /** Of the result of a convolution, which is in the layout that poolings meet. */
  private Op pooling(int channels) {
    float[] one = new float[channels * channels];
    for (int c = 0; c < channels; c++) {
      one[c * channels + c] = 1;
    }
    return new Op(
        "poolings of %d channels".formatted(channels),
        1e-4,
        1,
        (b, x) -> {
          try (Tensor placed = b.convolutions().forward(x[0], x[1], null, POINTWISE)) {
            List<Tensor> all = pooled(b, placed);
            all.addAll(pooled(b, x[0]));
            try (Pools.Max max = b.pools().max(x[0], POOL)) {
              all.add(b.pools().maxIndices(max, x[0], POOL));
            }
            return all;
          }
        },
        draw.normal(2, channels, 9, 11),
        HostTensor.of(one, channels, channels, 1, 1));
  }

  private static List<Tensor> pooled(Backend b, Tensor x) {
    Pools p = b.pools();
    List<Tensor> all = new ArrayList<>();
    try (Pools.Max max = p.max(x, POOL);
        Pools.Max cells = p.adaptiveMax(x, 4, 3);
        Tensor average = p.average(x, POOL, true);
        Tensor means = p.adaptiveAverage(x, 4, 3);
        Tensor whole = p.adaptiveAverage(x, 1, 1)) {
      all.add(p.maxBackward(average, max, x, POOL));
      all.add(p.averageBackward(max.y(), x, POOL, true));
      all.add(p.adaptiveMaxBackward(means, cells, x));
      all.add(p.adaptiveAverageBackward(means, x));
      all.add(p.adaptiveAverageBackward(whole, x));
      for (Tensor t : List.of(max.y(), cells.y(), average, means, whole)) {
        all.add(t.retain());
      }
    }
    return all;
  }
}
