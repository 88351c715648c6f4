package engine.backend.cuda.memory;

import engine.backend.cuda.driver.CopyStream;
import engine.backend.cuda.driver.Gpu;
import engine.picture.ColorDraw;
import engine.picture.PictureDraw;
import engine.picture.Region;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A place for one batch on its way: pinned memory that the host fills, device memory of the same
 * size that it is copied to, and the events that say how far it has got. In both lie the pixels and
 * behind them a {@code struct Augment} of {@code cuda/pixels.cu} a picture.
 */
final class StagedBatch implements AutoCloseable {
  private static final int STRUCT = 40;
  private static final int ALIGN = 16;

  private final Gpu gpu;
  private final CudaMemory memory;
  private final CopyStream stream;
  private final long copied;
  private final long taken;
  private MemorySegment pinned = MemorySegment.NULL;
  private Tensor device;
  private Tensor grays;
  private Shape shape;
  private boolean contrast;
  private boolean used;

  StagedBatch(Gpu gpu, CudaMemory memory, CopyStream stream) {
    this.gpu = gpu;
    this.memory = memory;
    this.stream = stream;
    copied = gpu.event();
    taken = gpu.event();
  }

  /** Fills the pinned memory, and has it copied when the device has read what was here before. */
  void stage(MemorySegment pixels, Shape images, List<PictureDraw> draws) {
    shape = images;
    long bytes = structs() + (long) draws.size() * STRUCT;
    if (pinned.byteSize() < bytes || grays.shape().dim(0) < draws.size()) {
      make(bytes);
    }
    if (used) {
      gpu.await(copied); // two steps ago: it is over
    }
    MemorySegment.copy(pixels, 0, pinned, 0, images.elements());
    contrast = false;
    for (int i = 0; i < draws.size(); i++) {
      write(draws.get(i), structs() + (long) i * STRUCT);
    }
    stream.upload(pinned, bytes, device.address(), taken, copied);
    used = true;
  }

  private void make(long bytes) {
    free();
    pinned = gpu.allocatePinned(bytes);
    device = memory.empty(DType.U8, Shape.of(bytes));
    grays = memory.empty(DType.I32, Shape.of(shape.dim(0)));
    // The pool's memory may have readers on the computing stream still: they come before the copy.
    gpu.record(taken);
  }

  private void write(PictureDraw d, long at) {
    ColorDraw color = d.color();
    Region e = d.erased();
    int[] erased = e == null ? new int[4] : new int[] {e.left(), e.top(), e.right(), e.bottom()};
    int order = 0;
    for (int i = 0; i < color.order().size(); i++) {
      ColorDraw.Operation op = color.order().get(i);
      order |= (op.ordinal() + 1) << 4 * i;
      contrast |= op == ColorDraw.Operation.CONTRAST;
    }
    pinned.set(ValueLayout.JAVA_INT, at, d.flip() ? 1 : 0);
    pinned.set(ValueLayout.JAVA_INT, at + 4, order);
    pinned.set(ValueLayout.JAVA_FLOAT, at + 8, (float) color.brightness());
    pinned.set(ValueLayout.JAVA_FLOAT, at + 12, (float) color.contrast());
    pinned.set(ValueLayout.JAVA_FLOAT, at + 16, (float) color.saturation());
    pinned.set(ValueLayout.JAVA_INT, at + 20, color.hueShift());
    for (int k = 0; k < 4; k++) {
      pinned.set(ValueLayout.JAVA_INT, at + 24 + 4L * k, erased[k]);
    }
  }

  /** From here on what the computing stream does finds the batch. */
  void arrive() {
    gpu.errors.check(
        gpu.driver.cuStreamWaitEvent(gpu.stream, copied, 0), "cuStreamWaitEvent", "pictures");
  }

  /** What the computing stream was told so far is the last that reads the batch. */
  void leave() {
    gpu.record(taken);
  }

  /** [N, C, H, W]. */
  Shape shape() {
    return shape;
  }

  /** Whether any picture's contrast changes. */
  boolean hasContrast() {
    return contrast;
  }

  /** Device address of the pixels. */
  long pixels() {
    return device.address();
  }

  /** Device address of the structs. */
  long draws() {
    return device.address() + structs();
  }

  /** I32, one a picture: for the kernel that measures grays. */
  Tensor grays() {
    return grays;
  }

  private long structs() {
    return (shape.elements() + ALIGN - 1) / ALIGN * ALIGN;
  }

  private void free() {
    if (device != null) {
      stream.synchronize();
      device.close();
      grays.close();
      gpu.freePinned(pinned);
      device = null;
    }
  }

  @Override
  public void close() {
    free();
    gpu.destroyEvent(copied);
    gpu.destroyEvent(taken);
  }
}
