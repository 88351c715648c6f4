package engine.inspect.memory;

import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;

/**
 * Memory of one training step.
 *
 * @param before bytes live before it: weights, optimiser state, the batch
 * @param live bytes live after each op, forward and then backward
 * @param forwardOps how many of those belong to the forward
 * @param peakAt index into {@code live} of the most
 * @param peakOp what had just run then, such as {@code backward of conv2d of layer1.0.conv1}
 * @param atPeak what was alive then, by kind, the largest first; they and {@code before} add up to
 *     the peak
 * @param largest single results that were alive then, the largest first
 * @param committed bytes that the device has taken from the system so far, free blocks included
 */
public record MemoryProfile(
    long before,
    List<Long> live,
    int forwardOps,
    int peakAt,
    String peakOp,
    List<Kind> atPeak,
    List<Result> largest,
    long committed) {
  /** Bytes of all that is of one kind. */
  public record Kind(String name, int tensors, long bytes) {}

  /** One op's result. */
  public record Result(String op, Shape shape, DType type, long bytes) {}

  /** Bytes live at the peak. */
  public long peak() {
    return live.get(peakAt);
  }
}
