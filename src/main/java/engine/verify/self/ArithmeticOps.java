package engine.verify.self;

import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Elementwise;
import engine.backend.Elementwise.Binary;
import engine.backend.Losses;
import engine.backend.Losses.Reduction;
import engine.backend.Quantizers;
import engine.backend.Reductions;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import engine.verify.self.OpCheck.Op;
import java.util.ArrayList;
import java.util.List;

/** Ops on elements, rows and axes: activations, arithmetic, sums, losses, rounding. */
final class ArithmeticOps {
  /** Neither a vector's, a warp's nor a block's multiple, and one more than 4 blocks. */
  private static final int LENGTH = 1027;

  private final Drawing draw;

  ArithmeticOps(Drawing draw) {
    this.draw = draw;
  }

  List<Op> all() {
    List<Op> out = new ArrayList<>();
    for (Activation f : Activation.values()) {
      out.add(activation(f));
    }
    for (Binary op : Binary.values()) {
      out.add(
          new Op(
              name(op),
              1e-6,
              2,
              (b, x) -> List.of(b.elementwise().binary(op, x[0], x[1])),
              draw.normal(LENGTH),
              draw.away(LENGTH)));
      out.add(
          new Op(
              name(op) + ", broadcast",
              1e-6,
              2,
              (b, x) -> List.of(b.elementwise().binary(op, x[0], x[1])),
              draw.normal(3, 17, 5),
              draw.away(17, 1)));
    }
    out.addAll(List.of(sums(), casts(), joins(), dropout(), alongRows(), softmaxes()));
    out.addAll(List.of(hardLosses(), softLosses(), rounding()));
    return out;
  }

  private static String name(Enum<?> e) {
    return e.name().toLowerCase(java.util.Locale.ROOT);
  }

  private Op activation(Activation f) {
    return new Op(
        name(f),
        1e-5,
        2,
        (b, x) -> {
          Elementwise e = b.elementwise();
          return List.of(e.activation(f, x[0]), e.activationBackward(f, x[0], x[1]));
        },
        draw.normal(LENGTH),
        draw.normal(LENGTH));
  }

  private Op sums() {
    return new Op(
        "sum in place, to a shape, scaled",
        1e-5,
        2,
        (b, x) -> {
          Elementwise e = b.elementwise();
          Tensor sum = b.memory().emptyLike(x[0]);
          b.memory().copyInPlace(x[0], sum);
          e.addInPlace(sum, x[1]);
          return List.of(sum, e.sumTo(x[0], x[2]), e.scale(x[0], 0.375f));
        },
        draw.normal(5, 33, 7),
        draw.normal(5, 33, 7),
        draw.normal(33, 1));
  }

  private Op casts() {
    return new Op(
        "cast to fp16 and bf16 and back",
        0,
        1,
        (b, x) -> {
          try (Tensor wide = b.memory().cast(x[0], DType.F32)) {
            return List.of(b.memory().cast(wide, x[0].dtype()), wide.retain());
          }
        },
        draw.normal(LENGTH));
  }

  private Op joins() {
    return new Op(
        "concatenation and slice",
        0,
        3,
        (b, x) -> {
          Elementwise e = b.elementwise();
          Tensor both = e.concat(new Tensor[] {x[0], x[1]}, 1);
          Tensor fours = e.concat(new Tensor[] {x[2], x[2]}, 1); // 16 bytes at a time
          return List.of(both, e.slice(both, 1, 2, 5), e.slice(both, 2, 1, 3), fours);
        },
        draw.normal(2, 3, 5, 7),
        draw.normal(2, 9, 5, 7),
        draw.normal(2, 3, 4, 4));
  }

  private Op dropout() {
    return new Op(
        "dropout",
        0,
        0,
        (b, x) -> List.of(b.elementwise().dropoutMask(x[0], 0.3f, x[1], 3)),
        draw.normal(LENGTH),
        HostTensor.of(new long[] {7_919, 5}, 2));
  }

  private Op alongRows() {
    return new Op(
        "sums and maxima along axes",
        1e-4,
        1,
        (b, x) -> {
          Reductions r = b.reductions();
          List<Tensor> all = new ArrayList<>();
          for (int axis = 0; axis < 2; axis++) {
            int[] axes = {axis};
            Tensor sum = r.sum(x[0], axes, false);
            Tensor max = r.amax(x[0], axes, false);
            Reductions.MaxDim first = r.maxDim(x[0], axis, false);
            all.addAll(List.of(sum, max, first.values(), first.indices()));
            all.add(r.mean(x[0], axes, true));
            all.add(r.expand(sum, x[0], axes, 0.5f));
            all.add(r.amaxBackward(x[1 + axis], max, x[0], axes));
            all.add(r.maxDimBackward(x[1 + axis], first.indices(), x[0], axis));
          }
          return all;
        },
        draw.normal(37, 261),
        draw.normal(261),
        draw.normal(37));
  }

  private Op softmaxes() {
    return new Op(
        "softmax",
        1e-4,
        0,
        (b, x) -> {
          Reductions r = b.reductions();
          List<Tensor> all = new ArrayList<>();
          for (boolean log : new boolean[] {false, true}) {
            Tensor y = r.softmax(x[0], 1, log);
            all.addAll(List.of(y, r.softmaxBackward(x[1], y, 1, log)));
          }
          return all;
        },
        draw.normal(9, 261),
        draw.normal(9, 261));
  }

  private Op hardLosses() {
    return new Op(
        "cross-entropy of classes",
        2e-5,
        0,
        (b, x) -> {
          List<Tensor> all = new ArrayList<>();
          for (Reduction r : Reduction.values()) {
            Losses.Result hard = b.losses().crossEntropy(x[0], x[1], x[2], 0.1f, -100, r);
            all.addAll(List.of(hard.loss(), hard.dlogits()));
          }
          Losses.Result others = b.losses().labelSmoothingKl(x[0], x[1], 0.2f);
          all.addAll(List.of(others.loss(), others.dlogits()));
          return all;
        },
        draw.normal(9, 261),
        draw.classes(9, 261),
        draw.positive(261));
  }

  private Op softLosses() {
    return new Op(
        "cross-entropy and divergence of distributions",
        2e-5,
        0,
        (b, x) -> {
          try (Tensor q = b.reductions().softmax(x[1], 1, false)) {
            Losses.Result soft = b.losses().crossEntropySoft(x[0], q, 0.1f, Reduction.MEAN);
            Losses.Result kl = b.losses().klDivergence(x[0], q);
            Tensor scaled = b.losses().scaleGradient(kl.dlogits(), x[2]);
            return List.of(soft.loss(), soft.dlogits(), kl.loss(), kl.dlogits(), scaled);
          }
        },
        draw.normal(9, 261),
        draw.normal(9, 261),
        HostTensor.of(new float[] {0.5f}));
  }

  private Op rounding() {
    return new Op(
        "rounding to a grid of int8",
        1e-6,
        0,
        ArithmeticOps::fakeQuantized,
        draw.normal(7, 261),
        draw.normal(7, 261),
        draw.positive(7),
        HostTensor.of(new int[] {0, 3, -3, 1, 0, 9, -9}, 7),
        draw.normal(7));
  }

  private static List<Tensor> fakeQuantized(Backend b, Tensor[] x) {
    Quantizers q = b.quantizers();
    Quantizers.QuantRange grid = new Quantizers.QuantRange(0, x[2], x[3], -128, 127);
    Tensor min = b.memory().emptyLike(x[2]);
    Tensor max = b.memory().emptyLike(x[2]);
    b.memory().fillInPlace(min, Float.POSITIVE_INFINITY);
    b.memory().fillInPlace(max, Float.NEGATIVE_INFINITY);
    q.observeInPlace(x[0], 0, x[4], min, max, 0.1f);
    List<Tensor> all = new ArrayList<>(List.of(min, max));
    for (Quantizers.Scheme scheme : Quantizers.Scheme.values()) {
      Tensor scale = b.memory().emptyLike(x[2]);
      Tensor zero = b.memory().emptyLike(x[3]);
      q.qparamsInPlace(min, max, scheme, -128, 127, scale, zero);
      all.addAll(List.of(scale, zero));
    }
    all.add(q.fakeQuantize(x[0], x[4], grid));
    all.add(q.fakeQuantizeBackward(x[1], x[0], x[4], grid));
    all.add(q.roundingGradient(x[1], x[0], x[4], grid));
    Tensor factor = b.memory().emptyLike(x[2]);
    q.normFactorInPlace(x[4], x[2], 1e-5f, factor);
    all.add(factor);
    return all;
  }
}
