package engine.verify.self;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Memory;
import engine.backend.Quantizers;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.verify.self.OpCheck.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What moves and rounds values: layouts, types, pixels, counters, one range of a whole tensor. */
final class MemoryOps {
  private static final int SIDE = 9;

  private final Drawing draw;

  MemoryOps(Drawing draw) {
    this.draw = draw;
  }

  List<Op> all() {
    return List.of(
        new Op("layouts", 0, 1, MemoryOps::layouts, draw.normal(2, 40, 5, 7)),
        new Op("types", 0, 0, MemoryOps::types, draw.normal(1027)),
        new Op("pixels and counters", 1e-6, 0, MemoryOps::pixels),
        new Op("mixup", 1e-6, 0, MemoryOps::mixed, draw.normal(4, 3, 5, 5)),
        new Op(
            "rounding to one grid of int8",
            1e-6,
            0,
            MemoryOps::wholeRange,
            draw.normal(1027),
            draw.normal(1027),
            draw.positive(1),
            HostTensor.of(new int[] {3}, 1)));
  }

  /** To the layout of a convolution's result and back. */
  private static List<Tensor> layouts(Backend b, Tensor[] x) {
    long c = x[0].shape().dim(1);
    try (Tensor w = b.memory().zeros(DType.F32, Shape.of(c, c, 1, 1));
        Tensor like = b.convolutions().forward(x[0], w, null, Conv2dGeometry.of(1, 0, 1))) {
      Tensor placed = b.memory().toLayoutOf(x[0], like);
      return List.of(placed, b.memory().toRowMajor(placed, x[0].dtype()));
    }
  }

  private static List<Tensor> types(Backend b, Tensor[] x) {
    Memory m = b.memory();
    List<Tensor> all = new ArrayList<>();
    for (DType t : List.of(DType.F16, DType.BF16)) {
      Tensor half = m.cast(x[0], t);
      all.addAll(List.of(half, m.cast(half, t == DType.F16 ? DType.BF16 : DType.F16)));
      all.add(m.cast(half, DType.F32));
    }
    return all;
  }

  private static List<Tensor> pixels(Backend b, Tensor[] none) {
    byte[] bytes = new byte[2 * SIDE * SIDE * 3];
    new SplittableRandom(1).nextBytes(bytes);
    Tensor x = b.memory().empty(DType.F32, Shape.of(2, 3, SIDE, SIDE));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(bytes.length, 64);
      in.copyFrom(MemorySegment.ofArray(bytes));
      b.memory().normalizePixelsInPlace(in, Normalization.IMAGENET, x);
    }
    Tensor counter = b.memory().zeros(DType.I64, Shape.of());
    b.memory().incrementInPlace(counter);
    b.memory().incrementInPlace(counter);
    return List.of(x, counter);
  }

  private static List<Tensor> mixed(Backend b, Tensor[] x) {
    Tensor own = b.memory().emptyLike(x[0]);
    b.memory().copyInPlace(x[0], own);
    b.elementwise().mixupInPlace(own, 0.7f);
    return List.of(own);
  }

  private static List<Tensor> wholeRange(Backend b, Tensor[] x) {
    Quantizers q = b.quantizers();
    Quantizers.QuantRange grid = new Quantizers.QuantRange(-1, x[2], x[3], -128, 127);
    Tensor min = b.memory().emptyLike(x[2]);
    Tensor max = b.memory().emptyLike(x[2]);
    b.memory().fillInPlace(min, Float.POSITIVE_INFINITY);
    b.memory().fillInPlace(max, Float.NEGATIVE_INFINITY);
    q.observeInPlace(x[0], -1, null, min, max, 0.1f);
    return List.of(
        min,
        max,
        q.fakeQuantize(x[0], null, grid),
        q.fakeQuantizeBackward(x[1], x[0], null, grid),
        q.roundingGradient(x[1], x[0], null, grid));
  }
}
