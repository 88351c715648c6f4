package engine.backend.cuda.memory;

import engine.backend.Memory;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.layout.PaddedChannels;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * Tensors in device memory, row-major or {@link ChannelsLast}, and every copy, cast and reorder.
 */
public final class CudaMemory implements Memory, Storage.Owner, AutoCloseable {
  private final Gpu gpu;
  private final DevicePool pool;
  private final PinnedBuffers pinned;
  private final Launcher launch;
  private final Reorders reorders;
  private final RowCopies rowCopies;
  private final HalfWeights halfWeights = new HalfWeights(this);

  private final OwnWords words;
  private PlanMemory recording;
  private boolean poisons;
  private long liveTensors;
  private long liveBytes;
  private long peakBytes;
  private long casts;

  public CudaMemory(Gpu gpu, DevicePool pool, PinnedBuffers pinned, Launcher launch) {
    this.gpu = gpu;
    this.pool = pool;
    this.pinned = pinned;
    this.launch = launch;
    reorders = new Reorders(launch);
    rowCopies = new RowCopies(launch);
    words = new OwnWords(gpu, pool);
  }

  @Override
  public Tensor empty(DType dtype, Shape shape) {
    return empty(dtype, shape, Layout.ROW_MAJOR);
  }

  /** A tensor with undefined contents. */
  public Tensor empty(DType dtype, Shape shape, Layout layout) {
    long bytes = Math.max(1, PaddedChannels.elements(shape, layout)) * dtype.bytes();
    long block = recording == null ? pool.allocate(bytes) : recording.allocate(bytes);
    if (poisons) {
      pool.poison(block, bytes);
    }
    liveTensors++;
    liveBytes += bytes;
    peakBytes = Math.max(peakBytes, liveBytes);
    return new Tensor(dtype, shape, layout, new Storage(block, bytes, this));
  }

  @Override
  public void poison(boolean on) {
    poisons = on;
  }

  @Override
  public Tensor emptyLike(Tensor t) {
    return empty(t.dtype(), t.shape(), t.layout());
  }

  /** Copies of rows that lie apart. */
  public RowCopies rowCopies() {
    return rowCopies;
  }

  /** The half copies of weights. */
  public HalfWeights halfWeights() {
    return halfWeights;
  }

  @Override
  public void free(Storage s) {
    halfWeights.forget(s);
    if (recording == null || !recording.free(s.block())) {
      pool.free(s.block());
    }
    liveTensors--;
    liveBytes -= s.bytes();
  }

  public boolean isRecording() {
    return recording != null;
  }

  /**
   * From now on the memory of every tensor made belongs to a plan, until it outlives the work. May
   * wait for the device, which nothing does until {@link #stopRecording}.
   */
  public void startRecording() {
    if (recording != null) {
      throw new IllegalStateException("a plan is being recorded already");
    }
    pool.startRecording();
    recording = new PlanMemory(pool);
  }

  public PlanMemory stopRecording() {
    PlanMemory r = recording;
    recording = null;
    pool.stopRecording();
    r.keepFreeBlocksOnly();
    return r;
  }

  @Override
  public void fillInPlace(Tensor t, float value) {
    fill(t, value);
    halfWeights.renew(t);
  }

  private void fill(Tensor t, float value) {
    long n = t.shape().elements();
    if (n == 0) {
      return;
    }
    if (value == 0) {
      check(
          gpu.driver.cuMemsetD8Async(t.address(), (byte) 0, n * t.dtype().bytes(), gpu.stream),
          "cuMemsetD8Async",
          t);
    } else if (t.dtype() == DType.F32) {
      int bits = Float.floatToRawIntBits(value);
      check(gpu.driver.cuMemsetD32Async(t.address(), bits, n, gpu.stream), "cuMemsetD32Async", t);
    } else {
      throw new IllegalArgumentException("only F32 tensors are filled with " + value);
    }
  }

  @Override
  public void incrementInPlace(Tensor counter) {
    launch.kernel("increment").of(counter).grid(1, 1, 1);
  }

  @Override
  public Tensor upload(HostTensor host) {
    Tensor t = empty(host.dtype(), host.shape());
    uploadInPlace(host, t);
    return t;
  }

  @Override
  public void uploadInPlace(HostTensor host, Tensor to) {
    if (!host.shape().equals(to.shape())) {
      throw new IllegalArgumentException("values of shape " + host.shape() + " do not fit " + to);
    }
    if (recording != null) {
      throw new IllegalStateException("nothing can be uploaded while a plan is recorded");
    }
    if (host.dtype() == to.dtype() && to.layout().isRowMajor()) {
      pinned.upload(host.data(), to.address());
      halfWeights.renew(to);
      return;
    }
    try (Tensor t = upload(host)) {
      copyInPlace(t, to);
    }
  }

  @Override
  public HostTensor download(Tensor t, DType as) {
    if (recording != null) {
      throw new IllegalStateException("nothing can be downloaded while a plan is recorded");
    }
    HostTensor host = HostTensor.zeros(as, t.shape());
    try (Tensor plain = toRowMajor(t, as)) {
      throwIfFaulty(pinned.download(plain.address(), host.data(), words.fault()));
    }
    return host;
  }

  @Override
  public List<HostTensor> download(List<Tensor> tensors) {
    boolean plain =
        tensors.stream().allMatch(t -> t.dtype() == DType.F32 && t.layout().isRowMajor());
    long bytes = tensors.stream().mapToLong(t -> t.shape().elements() * Float.BYTES).sum();
    if (!plain || bytes > PinnedBuffers.TOGETHER || recording != null) {
      return Memory.super.download(tensors);
    }
    List<HostTensor> host =
        tensors.stream().map(t -> HostTensor.zeros(DType.F32, t.shape())).toList();
    List<MemorySegment> data = host.stream().map(HostTensor::data).toList();
    List<Long> addresses = tensors.stream().map(Tensor::address).toList();
    throwIfFaulty(pinned.downloadTogether(addresses, data, words.fault()));
    return host;
  }

  @Override
  public void copyInPlace(Tensor from, Tensor to) {
    if (!from.shape().equals(to.shape())) {
      throw new IllegalArgumentException("cannot copy " + from + " to " + to);
    }
    long n = from.shape().elements();
    if (n == 0) {
      return;
    }
    if (from.layout() == PaddedChannels.INSTANCE) {
      try (Tensor all = PaddedChannels.all(from);
          Tensor own = firstChannels(all, from.shape().size(1))) {
        copyInPlace(own, to);
      }
    } else if (to.layout() == PaddedChannels.INSTANCE) {
      throw new IllegalArgumentException("only a picture feed writes " + to);
    } else if (from.layout() != to.layout()) {
      try (Tensor cast = cast(from, to.dtype())) {
        reorders.run(cast, to);
      }
    } else if (from.dtype() == to.dtype()) {
      check(
          gpu.driver.cuMemcpyDtoDAsync_v2(
              to.address(), from.address(), n * to.dtype().bytes(), gpu.stream),
          "cuMemcpyDtoDAsync",
          to);
    } else {
      castInPlace(from, to);
    }
    halfWeights.renew(to);
  }

  private void castInPlace(Tensor from, Tensor to) {
    List<DType> castable = List.of(DType.F32, DType.F16, DType.BF16);
    if (!castable.contains(from.dtype()) || !castable.contains(to.dtype())) {
      throw new UnsupportedOnDeviceException(
          "a GPU converts between F32, F16 and BF16 only, not " + from + " to " + to.dtype());
    }
    casts++;
    String kernel = "cast_" + from.dtype() + "_" + to.dtype();
    long n = from.shape().elements();
    launch.kernel(kernel.toLowerCase(Locale.ROOT)).of(from).of(to).of(n).threads((n + 7) / 8);
  }

  @Override
  public Tensor toRowMajor(Tensor t, DType dtype) {
    return to(t, dtype, Layout.ROW_MAJOR);
  }

  @Override
  public Tensor toLayoutOf(Tensor t, Tensor like) {
    return to(t, like.dtype(), like.layout());
  }

  @Override
  public Tensor cast(Tensor t, DType dtype) {
    boolean padded = t.layout() == PaddedChannels.INSTANCE && t.dtype() != dtype;
    return to(t, dtype, padded ? ChannelsLast.of(t.shape()) : t.layout());
  }

  /** The same images or filters as {@code dtype}, channels-last; retained when they are so. */
  public Tensor toChannelsLast(Tensor t, DType dtype) {
    return to(t, dtype, ChannelsLast.of(t.shape()));
  }

  /** The same values in a type and layout; a retained {@code t} when it has them already. */
  public Tensor to(Tensor t, DType dtype, Layout layout) {
    if (t.dtype() == dtype && t.layout() == layout) {
      return t.retain();
    }
    Tensor out = empty(dtype, t.shape(), layout);
    copyInPlace(t, out);
    return out;
  }

  /**
   * The same images or filters, channels-last, with channels of 0 behind their own.
   *
   * @param channels in all
   */
  public Tensor padChannels(Tensor t, int channels) {
    Shape s = t.shape().with(1, channels);
    Tensor out = empty(t.dtype(), s, ChannelsLast.of(s));
    reorders.pad(t, out);
    return out;
  }

  /** The first channels of channels-last images or filters. */
  public Tensor firstChannels(Tensor t, int channels) {
    Shape s = t.shape().with(1, channels);
    Tensor out = empty(t.dtype(), s, ChannelsLast.of(s));
    long width = t.dtype().bytes();
    long pixels = s.elements() / channels;
    long step = t.shape().dim(1) * width;
    rowCopies.copy(
        new RowCopies.Rows(t.address(), step),
        new RowCopies.Rows(out.address(), channels * width),
        channels * width,
        pixels);
    return out;
  }

  @Override
  public void normalizePixelsInPlace(MemorySegment pixels, Normalization norm, Tensor to) {
    int c = to.shape().size(1);
    long bytes = to.shape().elements();
    if (pixels.byteSize() < bytes || norm.channels() != c) {
      throw new IllegalArgumentException(
          pixels.byteSize() + " pixel bytes and " + norm.channels() + " means do not fit " + to);
    }
    Shape hwc = Shape.of(to.shape().dim(0), to.shape().dim(2), to.shape().dim(3), c);
    try (Tensor raw = empty(DType.U8, hwc);
        Tensor means = upload(HostTensor.of(norm.mean(), c));
        Tensor stds = upload(HostTensor.of(norm.std(), c))) {
      pinned.upload(pixels.asSlice(0, bytes), raw.address());
      launch
          .kernel("normalize_pixels")
          .of(raw)
          .of(means)
          .of(stds)
          .of(to)
          .of(bytes)
          .of(c)
          .of(to.shape().dim(2) * to.shape().dim(3))
          .threads(bytes);
    }
  }

  /** Where kernels report a class that the logits do not have. */
  public long fault() {
    return words.fault();
  }

  /** See {@link OwnWords#arrivals}. */
  public long arrivals(int count) {
    return words.arrivals(count);
  }

  private void throwIfFaulty(int found) {
    if (found != 0) {
      words.clearFault();
      throw new IllegalArgumentException(
          "a target of class "
              + (found > 0 ? found - 1 : found)
              + " does not fit the logits: set the number of classes");
    }
  }

  private void check(int status, String call, Tensor t) {
    gpu.errors.check(status, call, t.toString());
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
    return pool.usableBytes();
  }

  @Override
  public long committedBytes() {
    return pool.committedBytes();
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
    return reorders.made();
  }

  @Override
  public void close() {
    words.close();
  }
}
