package engine.backend.cpu.dnnl;

import engine.backend.Memory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.MemoryRanges;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Layout;
import engine.tensor.Magnitude;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Tensors in the arena, and every copy, cast and reorder. */
public final class CpuMemory implements Memory, Storage.Owner {
  private record ReorderKey(int from, int to) {}

  private final HugeArena arena;
  private final DnnlContext dnnl;
  private final CpuQueue queue;
  private final Parallel parallel;
  private final Set<Storage> openInRecording = Collections.newSetFromMap(new IdentityHashMap<>());
  private MemoryRanges recorded;
  private long liveTensors;
  private long liveBytes;
  private long peakBytes;
  private long reorders;
  private long casts;

  public CpuMemory(HugeArena arena, DnnlContext dnnl, CpuQueue queue, Parallel parallel) {
    this.arena = arena;
    this.dnnl = dnnl;
    this.queue = queue;
    this.parallel = parallel;
  }

  @Override
  public Tensor empty(DType dtype, Shape shape) {
    return new Tensor(
        dtype, shape, Layout.ROW_MAJOR, allocate(Math.max(1, shape.elements()) * dtype.bytes()));
  }

  /**
   * A tensor laid out as a descriptor says; row-major descriptors become {@link Layout#ROW_MAJOR}.
   */
  public Tensor empty(Md md) {
    return empty(md, md.shape);
  }

  /**
   * The same for a tensor whose axes the caller counts otherwise: grouped weights have one more to
   * oneDNN.
   */
  public Tensor empty(Md md, Shape shape) {
    boolean plain = md.dtype != DType.U8 && md == dnnl.mds.rowMajor(md.shape, md.dtype);
    return new Tensor(md.dtype, shape, plain ? Layout.ROW_MAJOR : md, allocate(md.bytes));
  }

  @Override
  public Tensor emptyLike(Tensor t) {
    return new Tensor(t.dtype(), t.shape(), t.layout(), allocate(t.storage().bytes()));
  }

  private Storage allocate(long bytes) {
    long address = arena.allocate(bytes);
    Storage storage = new Storage(address, bytes, this);
    if (recorded != null) {
      recorded.add(address, HugeArena.round(bytes));
      openInRecording.add(storage);
    }
    liveTensors++;
    liveBytes += bytes;
    peakBytes = Math.max(peakBytes, liveBytes);
    return storage;
  }

  @Override
  public void free(Storage s) {
    // The count is zero already, so the address comes from the block itself.
    arena.free(s.block(), s.bytes());
    if (recorded != null) {
      openInRecording.remove(s);
    }
    liveTensors--;
    liveBytes -= s.bytes();
  }

  /** From now on notes the memory of every tensor made. */
  public void startRecording() {
    if (recorded != null) {
      throw new IllegalStateException("a plan is being recorded already");
    }
    recorded = new MemoryRanges();
  }

  /** The memory of tensors that were made and freed since. */
  public MemoryRanges stopRecording() {
    MemoryRanges r = recorded;
    openInRecording.forEach(s -> r.remove(s.block(), HugeArena.round(s.bytes())));
    recorded = null;
    openInRecording.clear();
    return r;
  }

  @Override
  public void fillInPlace(Tensor t, float value) {
    long a = t.address();
    long bytes = t.storage().bytes();
    if (value == 0) {
      queue.run(
          () ->
              parallel.range(
                  bytes, 1 << 16, (from, to) -> Raw.segment(a + from, to - from).fill((byte) 0)));
      return;
    }
    if (t.dtype() != DType.F32 || !t.layout().isRowMajor()) {
      throw new IllegalArgumentException("only row-major F32 tensors are filled with " + value);
    }
    long n = t.shape().elements();
    queue.run(
        () -> {
          for (long i = 0; i < n; i++) {
            Raw.f32(a, i, value);
          }
        });
  }

  @Override
  public void incrementInPlace(Tensor counter) {
    long a = counter.address();
    queue.run(() -> Raw.i64(a, 0, Raw.i64(a, 0) + 1));
  }

  @Override
  public Tensor upload(HostTensor host) {
    Tensor t = empty(host.dtype(), host.shape());
    MemorySegment.copy(
        host.data(),
        0,
        Raw.segment(t.address(), host.data().byteSize()),
        0,
        host.data().byteSize());
    return t;
  }

  @Override
  public void uploadInPlace(HostTensor host, Tensor to) {
    if (!host.shape().equals(to.shape())) {
      throw new IllegalArgumentException("values of shape " + host.shape() + " do not fit " + to);
    }
    if (to.layout().isRowMajor() && host.dtype() == to.dtype()) {
      long bytes = host.data().byteSize();
      MemorySegment.copy(host.data(), 0, Raw.segment(to.address(), bytes), 0, bytes);
      return;
    }
    try (Tensor t = upload(host)) {
      copyInPlace(t, to);
    }
  }

  @Override
  public HostTensor download(Tensor t, DType as) {
    try (Tensor plain = toRowMajor(t, as)) {
      HostTensor host = HostTensor.zeros(as, t.shape());
      long bytes = host.data().byteSize();
      MemorySegment.copy(Raw.segment(plain.address(), bytes), 0, host.data(), 0, bytes);
      return host;
    }
  }

  /** The first axis is the outermost in every layout of a batch; padding is 0. */
  @Override
  public float largestOfFirst(Tensor t) {
    long rows = t.shape().rank() == 0 ? 1 : Math.max(1, t.shape().dim(0));
    long bytes =
        t.layout().isRowMajor() ? t.shape().elements() * t.dtype().bytes() : t.storage().bytes();
    return Magnitude.of(Raw.segment(t.address(), bytes / rows), t.dtype());
  }

  @Override
  public void copyInPlace(Tensor from, Tensor to) {
    if (!from.shape().equals(to.shape())) {
      throw new IllegalArgumentException("cannot copy " + from + " to " + to);
    }
    casts += from.dtype() == to.dtype() ? 0 : 1;
    if (from.layout() == to.layout() && from.dtype() == to.dtype()) {
      long a = from.address();
      long b = to.address();
      long bytes = Math.min(from.storage().bytes(), to.storage().bytes());
      queue.run(
          () ->
              parallel.range(
                  bytes,
                  1 << 16,
                  (i, j) ->
                      MemorySegment.copy(
                          Raw.segment(a + i, j - i), 0, Raw.segment(b + i, j - i), 0, j - i)));
      return;
    }
    if (from.layout().isRowMajor()
        && to.layout().isRowMajor()
        && HalfCasts.serves(from.dtype(), to.dtype())) {
      long a = from.address();
      long b = to.address();
      long n = from.shape().elements();
      DType source = from.dtype();
      DType target = to.dtype();
      queue.run(() -> HalfCasts.run(parallel, a, source, b, target, n));
      return;
    }
    Md src = dnnl.mds.of(from);
    Md dst = dnnl.mds.of(to);
    if (!src.shape.equals(dst.shape)) {
      // Row-major elements are the same whatever the axes are called.
      src = from.layout().isRowMajor() ? dnnl.mds.rowMajor(dst.shape, from.dtype()) : src;
      dst = to.layout().isRowMajor() ? dnnl.mds.rowMajor(src.shape, to.dtype()) : dst;
    }
    reorders++;
    dnnl.execute(
        reorder(src, dst),
        new Args().add(Dnnl.DNNL_ARG_SRC, src, from).add(Dnnl.DNNL_ARG_DST, dst, to));
  }

  private Primitive reorder(Md src, Md dst) {
    return dnnl.primitive(
        new ReorderKey(src.id, dst.id),
        () ->
            dnnl.compile(
                "dnnl_reorder_primitive_desc_create",
                src + " to " + dst + " of " + src.shape,
                new int[3],
                new Md[3],
                0,
                (out, engine, attr, a) ->
                    Dnnl.dnnl_reorder_primitive_desc_create(
                        out, src.handle, engine, dst.handle, engine, attr)));
  }

  @Override
  public Tensor toRowMajor(Tensor t, DType dtype) {
    if (t.layout().isRowMajor() && t.dtype() == dtype) {
      return t.retain();
    }
    Tensor out = empty(dtype, t.shape());
    copyInPlace(t, out);
    return out;
  }

  @Override
  public Tensor toLayoutOf(Tensor t, Tensor like) {
    return to(t, dnnl.mds.of(like));
  }

  @Override
  public Tensor cast(Tensor t, DType dtype) {
    return to(t, dnnl.mds.likewise(dnnl.mds.of(t), dtype));
  }

  /** {@code t} as a descriptor wants it; retained when it is so already. */
  public Tensor to(Tensor t, Md md) {
    if (dnnl.mds.of(t) == md) {
      return t.retain();
    }
    Tensor out = empty(md, t.shape());
    copyInPlace(t, out);
    return out;
  }

  @Override
  public void normalizePixelsInPlace(MemorySegment pixels, Normalization norm, Tensor to) {
    int n = to.shape().size(0);
    int c = to.shape().size(1);
    long hw = to.shape().dim(2) * to.shape().dim(3);
    if (pixels.byteSize() < n * c * hw || norm.channels() != c) {
      throw new IllegalArgumentException(
          pixels.byteSize() + " pixel bytes and " + norm.channels() + " means do not fit " + to);
    }
    // One table a channel: 256 values, computed once as torchvision would.
    float[] table = new float[256 * c];
    for (int k = 0; k < c; k++) {
      System.arraycopy(norm.table(k), 0, table, k * 256, 256);
    }
    long src = pixels.address();
    long dst = to.address();
    queue.run(
        () ->
            parallel.rows(
                n,
                c * hw,
                (from, end) -> {
                  for (long i = from; i < end; i++) {
                    for (int k = 0; k < c; k++) {
                      long in = src + i * hw * c + k;
                      long out = dst + (i * c + k) * hw * 4;
                      for (long j = 0; j < hw; j++) {
                        Raw.f32(out, j, table[k * 256 + Raw.u8(in, j * c)]);
                      }
                    }
                  }
                }));
  }

  @Override
  public long liveTensors() {
    return liveTensors;
  }

  @Override
  public long liveBytes() {
    return liveBytes;
  }

  @Override
  public long usableBytes() {
    return arena.usable();
  }

  @Override
  public long committedBytes() {
    return arena.committed();
  }

  @Override
  public long peakBytes() {
    return peakBytes;
  }

  @Override
  public long casts() {
    return casts;
  }

  @Override
  public long reorders() {
    return reorders;
  }
}
