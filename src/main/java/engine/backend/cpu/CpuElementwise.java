package engine.backend.cpu;

import engine.backend.Activation;
import engine.backend.Axes;
import engine.backend.Elementwise;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Elementwise work: oneDNN where tensors share a layout or broadcast over pixels, row-major Java
 * for the rest.
 */
final class CpuElementwise implements Elementwise {
  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final DnnlElementwise passes;
  private final DnnlActivations activations;
  private final Relu relu;
  private final DnnlBinary binaries;
  private final Broadcast broadcast;
  private final DropoutMasks masks;
  private final Mixup mixup;
  private final CpuPools pools;
  private final CpuQueue queue;

  CpuElementwise(
      DnnlContext dnnl,
      CpuMemory memory,
      DnnlElementwise passes,
      CpuPools pools,
      CpuQueue queue,
      Parallel parallel) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.passes = passes;
    this.pools = pools;
    this.queue = queue;
    activations = new DnnlActivations(dnnl, memory);
    relu = new Relu(memory, queue, parallel);
    binaries = new DnnlBinary(dnnl, memory);
    broadcast = new Broadcast(memory, queue, parallel);
    masks = new DropoutMasks(memory, queue, parallel);
    mixup = new Mixup(queue, parallel);
  }

  @Override
  public Tensor activation(Activation f, Tensor x) {
    return f == Activation.RELU && Relu.serves(x.dtype())
        ? relu.forward(x)
        : activations.forward(f, x);
  }

  @Override
  public Tensor activationBackward(Activation f, Tensor saved, Tensor dy) {
    return activations.backward(f, saved, dy);
  }

  @Override
  public Tensor binary(Binary op, Tensor a, Tensor b) {
    if (a.shape().equals(b.shape())) {
      // The blocked one of the two leads: a row-major tensor in the middle of a network is the
      // exception.
      Md md = dnnl.mds.of(a.layout().isRowMajor() && !b.layout().isRowMajor() ? b : a);
      try (Tensor ap = memory.to(a, md);
          Tensor bp = memory.to(b, b.dtype() == md.dtype ? md : dnnl.mds.likewise(md, b.dtype()))) {
        return binaries.apply(op, ap, bp);
      }
    }
    if (!a.layout().isRowMajor() && overPixels(b.shape(), a.shape())) {
      try (Tensor channels = perChannel(b, dnnl.mds.of(a))) {
        return binaries.apply(op, a, channels);
      }
    }
    return broadcast.binary(op, a, b);
  }

  @Override
  public void addInPlace(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException("cannot add " + b + " to " + a + " in place");
    }
    passes.addActivateInPlace(a, b, false);
  }

  @Override
  public void mixupInPlace(Tensor x, float own) {
    mixup.inPlace(x, own);
  }

  @Override
  public Tensor scale(Tensor x, float factor) {
    return activations.scale(x, factor);
  }

  @Override
  public Tensor sumTo(Tensor x, Tensor like) {
    Shape s = x.shape();
    Shape t = like.shape();
    if (s.equals(t)) {
      return memory.toLayoutOf(x, like);
    }
    if (!x.layout().isRowMajor() && t.equals(Shape.of(s.dim(0), s.dim(1), 1, 1))) {
      // oneDNN has no fast sum over pixels, but a fast average.
      try (Tensor average = pools.adaptiveAverage(x, 1, 1);
          Tensor sum = scale(average, s.dim(2) * s.dim(3))) {
        return memory.toLayoutOf(sum, like);
      }
    }
    try (Tensor sum = broadcast.sumTo(x, t)) {
      return memory.toLayoutOf(sum, like);
    }
  }

  @Override
  public Tensor dropoutMask(Tensor x, float p, Tensor state, int stream) {
    try (Tensor m = masks.mask(x.shape(), p, state, stream)) {
      return memory.to(m, dnnl.mds.likewise(dnnl.mds.of(x), DType.F32));
    }
  }

  @Override
  public Tensor concat(Tensor[] parts, int axis) {
    Shape first = parts[0].shape();
    int ax = Axes.axis(first.rank(), axis);
    long extent = 0;
    for (Tensor t : parts) {
      if (t.shape().rank() != first.rank() || !t.shape().with(ax, 1).equals(first.with(ax, 1))) {
        throw new IllegalArgumentException(
            "cannot concatenate " + first + " and " + t.shape() + " along axis " + axis);
      }
      extent += t.shape().dim(ax);
    }
    Tensor y = memory.empty(DType.F32, first.with(ax, extent));
    long at = 0;
    for (Tensor t : parts) {
      try (Tensor plain = memory.toRowMajor(t, DType.F32)) {
        long row = bytes(t.shape(), ax);
        copyRows(
            plain.address(), row, y.address() + at, bytes(y.shape(), ax), row, rows(first, ax));
        at += row;
      }
    }
    return y;
  }

  @Override
  public Tensor slice(Tensor x, int axis, long from, long extent) {
    int ax = Axes.axis(x.shape().rank(), axis);
    if (from < 0 || extent < 0 || from + extent > x.shape().dim(ax)) {
      throw new IllegalArgumentException(
          "axis " + axis + " of " + x.shape() + " has no part " + from + " to " + (from + extent));
    }
    Tensor y = memory.empty(DType.F32, x.shape().with(ax, extent));
    try (Tensor plain = memory.toRowMajor(x, DType.F32)) {
      long row = bytes(y.shape(), ax);
      long all = bytes(x.shape(), ax);
      long skipped = extent == 0 ? 0 : row / extent * from;
      copyRows(plain.address() + skipped, all, y.address(), row, row, rows(x.shape(), ax));
    }
    return y;
  }

  private void copyRows(long from, long fromStep, long to, long toStep, long bytes, long rows) {
    queue.run(
        () -> {
          for (long r = 0; r < rows; r++) {
            MemorySegment.copy(
                Raw.segment(from + r * fromStep, bytes),
                0,
                Raw.segment(to + r * toStep, bytes),
                0,
                bytes);
          }
        });
  }

  /** Bytes of everything from an axis inwards. */
  private static long bytes(Shape s, int axis) {
    long n = DType.F32.bytes();
    for (int i = axis; i < s.rank(); i++) {
      n *= s.dim(i);
    }
    return n;
  }

  private static long rows(Shape s, int axis) {
    long n = 1;
    for (int i = 0; i < axis; i++) {
      n *= s.dim(i);
    }
    return n;
  }

  /** Whether b is one value a channel, an image, or both, for images x. */
  private static boolean overPixels(Shape b, Shape x) {
    return b.rank() == 4
        && x.rank() == 4
        && b.dim(2) == 1
        && b.dim(3) == 1
        && (b.dim(0) == 1 || b.dim(0) == x.dim(0))
        && (b.dim(1) == 1 || b.dim(1) == x.dim(1));
  }

  /** b as [N or 1, C, 1, 1], laid out as x is: the broadcasts that oneDNN is fast at. */
  private Tensor perChannel(Tensor b, Md x) {
    Shape wanted = Shape.of(b.shape().dim(0), x.shape.dim(1), 1, 1);
    if (b.shape().equals(wanted)) {
      return memory.to(b, perChannel(wanted, b.dtype(), x));
    }
    try (Tensor zeros = memory.zeros(DType.F32, wanted);
        Tensor full = broadcast.binary(Binary.ADD, zeros, b)) {
      return memory.to(full, perChannel(wanted, DType.F32, x));
    }
  }

  private Md perChannel(Shape wanted, DType dtype, Md x) {
    return x == dnnl.mds.channelsLast(x.shape, x.dtype)
        ? dnnl.mds.channelsLast(wanted, dtype)
        : dnnl.mds.blocked(wanted, dtype);
  }
}
