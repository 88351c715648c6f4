package engine.backend.cuda.memory;

import engine.backend.PictureFeed;
import engine.backend.cuda.driver.CopyStream;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.layout.PaddedChannels;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import engine.picture.Region;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Pictures by way of two {@link StagedBatch}es: while the computing stream works from one, the copy
 * stream fills the other. The kernels {@code augment_*} of {@code cuda/pixels.cu} read the staged
 * batch and write the images, whose address a recorded plan knows; they are launched before the
 * plan and no part of it.
 */
public final class CudaPictureFeed implements PictureFeed {
  private static final int BLOCK = 256;
  private static final int MOST_BLOCKS = 65_535;
  private static final int RGB = 3;

  private final CudaMemory memory;
  private final Launcher launch;
  private final CopyStream stream;
  private final StagedBatch[] batches;
  private final Arena arena = Arena.ofShared();
  private final Struct common = new Struct(arena);
  private final Normalization norm;
  private final byte[] erased;
  private int next;
  private StagedBatch staged;

  /** {@code struct Pictures} of {@code cuda/pixels.cu}. */
  private static final class Struct {
    private final MemorySegment memory;
    private long at;

    Struct(Arena arena) {
      memory = arena.allocate(76, 4);
    }

    Struct begin() {
      at = 0;
      return this;
    }

    Struct of(int... values) {
      for (int v : values) {
        memory.set(ValueLayout.JAVA_INT, at, v);
        at += 4;
      }
      return this;
    }

    Struct of(float... values) {
      for (float v : values) {
        memory.set(ValueLayout.JAVA_FLOAT, at, v);
        at += 4;
      }
      return this;
    }
  }

  public CudaPictureFeed(
      Gpu gpu, CudaMemory memory, Launcher launch, Normalization norm, byte[] erased) {
    if (norm.channels() != erased.length) {
      throw new IllegalArgumentException(
          "%d bytes of an erased pixel are not of %d channels"
              .formatted(erased.length, norm.channels()));
    }
    this.memory = memory;
    this.launch = launch;
    this.norm = norm;
    this.erased = erased.clone();
    stream = new CopyStream(gpu);
    batches =
        new StagedBatch[] {
          new StagedBatch(gpu, memory, stream), new StagedBatch(gpu, memory, stream)
        };
  }

  @Override
  public Tensor empty(DType compute, Shape shape) {
    return memory.empty(
        compute, shape, compute == DType.F32 ? ChannelsLast.of(shape) : PaddedChannels.INSTANCE);
  }

  @Override
  public void stage(MemorySegment pixels, Shape shape, List<PictureDraw> draws) {
    if (shape.size(1) != norm.channels()
        || pixels.byteSize() < shape.elements()
        || draws.size() != shape.dim(0)) {
      throw new IllegalArgumentException(
          "%,d bytes of pixels and %d draws do not fit pictures of shape %s with %d channels"
              .formatted(pixels.byteSize(), draws.size(), shape, norm.channels()));
    }
    StagedBatch b = batches[next];
    next = 1 - next;
    b.stage(pixels, shape, draws);
    staged = b;
  }

  @Override
  public void takeInPlace(Mix mix, Tensor to) {
    if (staged == null || !staged.shape().equals(to.shape())) {
      throw new IllegalStateException(
          staged == null ? "no batch is staged" : staged.shape() + " is staged, not " + to);
    }
    StagedBatch b = staged;
    staged = null;
    b.arrive();
    MemorySegment pictures = pictures(b.shape(), mix);
    int count = b.shape().size(0);
    if (b.hasContrast()) {
      launch.kernel("augment_mean").of(b.pixels()).of(b.draws()).of(b.grays()).of(pictures);
      launch.grid(count, 1, BLOCK);
    }
    long plane = b.shape().dim(2) * b.shape().dim(3);
    launch.kernel("augment_" + to.dtype().name().toLowerCase(java.util.Locale.ROOT));
    launch.of(b.pixels()).of(b.draws()).of(b.grays()).of(to.address()).of(pictures);
    launch.grid(launch.blocks(plane, BLOCK), Math.min(count, MOST_BLOCKS), BLOCK);
    b.leave();
  }

  private MemorySegment pictures(Shape s, Mix mix) {
    Region b = mix.box();
    int[] box = b == null ? new int[4] : new int[] {b.left(), b.top(), b.right(), b.bottom()};
    float own = mix.ownValues();
    common.begin().of(s.size(0), s.size(2), s.size(3), s.size(1));
    common.of(three(norm.mean())).of(three(norm.std()));
    for (int c = 0; c < RGB; c++) {
      common.of(erased[Math.min(c, erased.length - 1)] & 0xFF);
    }
    common.of(own, 1 - own).of(box);
    return common.memory;
  }

  /** Of a gray picture the one value thrice, as the kernels see its pixels. */
  private static float[] three(float[] perChannel) {
    return perChannel.length == RGB
        ? perChannel
        : new float[] {perChannel[0], perChannel[0], perChannel[0]};
  }

  @Override
  public void close() {
    for (StagedBatch b : batches) {
      b.close();
    }
    stream.close();
    arena.close();
  }
}
