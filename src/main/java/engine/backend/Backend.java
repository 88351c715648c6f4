package engine.backend;

import engine.base.Setting;
import engine.picture.Normalization;
import java.util.List;
import java.util.Set;

/**
 * A device. One thread issues its work, in order; the results are there when the call returns or
 * when {@link Memory#download} asks for them. An op that the device cannot do throws {@link
 * UnsupportedOnDeviceException} with the reason: nothing falls back silently to another device.
 */
public interface Backend extends AutoCloseable {
  /** The device's name on the command line, such as {@code cpu}. */
  String name();

  /** One line for people: processor, threads, library. */
  String describe();

  /** Threads that compute; 1 for a device without threads of its own. */
  int threads();

  /** In which half types it computes. */
  HalfPrecision halfPrecision();

  /** Why fp32 cannot be rounded to TF32 here, as a clause; null where it can. */
  default String whyNoTf32() {
    return "TF32 is what tensor cores of NVIDIA GPUs make of fp32";
  }

  /**
   * Whether convolutions and matrix products of F32 operands may round them to TF32, which keeps 10
   * bits of the 23 after the point, from now on; at first they may not. What was recorded before
   * stays as it was recorded. Sums are in fp32 in either.
   *
   * @throws UnsupportedOnDeviceException if they shall and {@link #whyNoTf32} has a reason
   */
  default void roundToTf32(boolean on) {
    if (on) {
      throw new UnsupportedOnDeviceException(whyNoTf32());
    }
  }

  /**
   * Whether the device shall time several implementations of a convolution at its first use and
   * stay with the fastest, rather than take the one that its library expects to be; at first it
   * does not. Another implementation may round otherwise.
   *
   * @throws UnsupportedOnDeviceException if it shall and has nothing to choose from
   */
  default void autotune(boolean on) {
    if (on) {
      throw new UnsupportedOnDeviceException(
          "there is nothing to tune on "
              + name()
              + ": leave out "
              + Setting.AUTOTUNE
              + ", or use "
              + Setting.DEVICE
              + " cuda");
    }
  }

  Memory memory();

  Convolutions convolutions();

  Normalizations normalizations();

  LayerNorms layerNorms();

  Pools pools();

  Elementwise elementwise();

  Reductions reductions();

  Linears linears();

  Losses losses();

  Optimizers optimizers();

  /** Ranges and rounding for quantisation. */
  Quantizers quantizers();

  /** Networks of 8-bit layers. */
  Int8Networks int8Networks();

  /**
   * What brings pictures to a device with memory of its own and augments them there; null where the
   * host's memory is the device's. The caller closes it.
   *
   * @param norm from pixels to network input
   * @param erased the bytes of an erased pixel, one a channel
   */
  default PictureFeed pictureFeed(Normalization norm, byte[] erased) {
    return null;
  }

  /** Whether there is a {@link #pictureFeed}. */
  default boolean augments() {
    return false;
  }

  /**
   * Says, before a network is loaded, that it will answer a few times only: preparations that take
   * longer than they save then are left out. Answers differ by rounding alone.
   */
  default void expectFewAnswers() {}

  /**
   * How this device trains together with others: gradients then live in one flat tensor. Null for a
   * device that trains alone, where each gradient has memory of its own.
   */
  default Collective collective() {
    return null;
  }

  /**
   * Runs {@code work} and notes every kernel. Tensors that it makes and closes are the plan's from
   * then on; tensors that it leaves open, and those that it found, are read and written by every
   * replay. It must do its work through this backend only, and neither upload nor download: what
   * changes between runs is uploaded before.
   */
  Recording record(Runnable work);

  /** Milliseconds until the device has done all that {@code work} asks of it. */
  default double milliseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * Says for which op everything since the last call was, forward or backward; only {@link
   * #kernelTimes} listens.
   *
   * @param op its name; empty for no op
   */
  default void ran(String op) {}

  /**
   * The time of each kernel that {@code work} launches, those that took longest first; calls of the
   * vendor's libraries are among them. The work must not be recorded, see {@link #record}.
   */
  default List<KernelTime> kernelTimes(Runnable work) {
    throw new UnsupportedOnDeviceException(
        name() + " launches no kernels: use " + Setting.DEVICE + " cuda, or sim for a rehearsal");
  }

  /** The engine's own kernels that were launched or recorded so far; none on a device without. */
  default Set<String> launchedKernels() {
    return Set.of();
  }

  /**
   * Frees everything. Tensors still live are counted as leaks by {@link Memory#liveTensors} before
   * that.
   */
  @Override
  void close();
}
