package engine.backend;

import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Magnitude;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Making tensors and moving values in, out and between layouts and types. */
public interface Memory {
  /** A row-major tensor with undefined contents. */
  Tensor empty(DType dtype, Shape shape);

  /** A tensor of the same type, shape and layout with undefined contents. */
  Tensor emptyLike(Tensor t);

  /** Writes {@code value} to every element. */
  void fillInPlace(Tensor t, float value);

  /** Adds 1 to an I64 scalar: a counter that a replayed step moves on too. */
  void incrementInPlace(Tensor counter);

  default Tensor zeros(DType dtype, Shape shape) {
    Tensor t = empty(dtype, shape);
    fillInPlace(t, 0);
    return t;
  }

  default Tensor zerosLike(Tensor like) {
    Tensor t = emptyLike(like);
    fillInPlace(t, 0);
    return t;
  }

  /** A row-major copy on the device. */
  Tensor upload(HostTensor host);

  /**
   * Overwrites {@code to} with host values of the same type and shape, whatever the layout of
   * {@code to}.
   */
  void uploadInPlace(HostTensor host, Tensor to);

  /**
   * The values in row-major order, as F32 for floating types, else in the tensor's own type. Waits
   * for the device.
   */
  default HostTensor download(Tensor t) {
    return download(t, t.dtype().isFloating() ? DType.F32 : t.dtype());
  }

  /**
   * The values in row-major order as a floating type, or in the tensor's own. Waits for the device.
   */
  HostTensor download(Tensor t, DType as);

  /** Small tensors together, each as {@link #download(Tensor)} gives it, with one wait for all. */
  default List<HostTensor> download(List<Tensor> tensors) {
    return tensors.stream().map(this::download).toList();
  }

  /**
   * The largest absolute value of a floating tensor, as {@link Magnitude#of(HostTensor)} has it, in
   * at least the first of its rows along the first axis: of a batch, in its first picture. Waits
   * for the device.
   */
  default float largestOfFirst(Tensor t) {
    return Magnitude.of(download(t));
  }

  /** Copies between any two layouts and floating types of one shape (rounding to nearest even). */
  void copyInPlace(Tensor from, Tensor to);

  /** The same values as {@code dtype}, row-major; a retained {@code t} when it is so already. */
  Tensor toRowMajor(Tensor t, DType dtype);

  /**
   * The same values in the type and layout of {@code like}; a retained {@code t} when it has them
   * already.
   */
  Tensor toLayoutOf(Tensor t, Tensor like);

  /**
   * The same values as another floating type, in the same layout; a retained {@code t} when it is
   * so already.
   */
  Tensor cast(Tensor t, DType dtype);

  /**
   * Pixels to network input: {@code y = (x / 255 - mean[c]) / std[c]} in fp32, as torchvision's
   * ToTensor and Normalize.
   *
   * @param pixels u8 in N, H, W, C order, in CPU memory
   * @param to F32 row-major [N, C, H, W], overwritten
   */
  void normalizePixelsInPlace(MemorySegment pixels, Normalization norm, Tensor to);

  /**
   * Whether new tensors and scratch memory are full of NaN: who reads what was never written, or
   * adds where it should write, then shows. For checks; devices that do without ignore it.
   */
  default void poison(boolean on) {}

  /** Tensors not closed yet. */
  long liveTensors();

  /** Bytes in live tensors now. */
  long liveBytes();

  /** Bytes that this process can have of the device in all, what it holds included. */
  long usableBytes();

  /**
   * Bytes taken from the system so far, in live tensors, free blocks and scratch; they only grow.
   */
  long committedBytes();

  /** The most bytes that were live at once. */
  long peakBytes();

  /** Copies made so far that changed the type of floating values, those within ops included. */
  long casts();

  /** Layout conversions made so far; a training step should make none between layers. */
  long reorders();
}
