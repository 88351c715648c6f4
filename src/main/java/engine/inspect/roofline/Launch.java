package engine.inspect.roofline;

/**
 * What a step starts once, or {@code count} times with equal shapes.
 *
 * @param kind what it does, such as {@code conv forward}
 * @param layer name of the first layer that does it
 * @param shape of its result, or what it goes over
 * @param products whether its FLOPs are matrix products, which tensor cores take
 * @param flops of one launch
 * @param bytes the least that one launch must read and write: each operand once, each result once
 */
public record Launch(
    String kind,
    String layer,
    String shape,
    int count,
    boolean products,
    double flops,
    double bytes) {

  /** FLOPs a byte: the place on the roofline's axis. */
  public double intensity() {
    return flops / bytes;
  }

  /** Microseconds of one launch, if it reached the ceiling that it meets first. */
  public double floor(GpuPeak gpu, StepPrecision precision) {
    return Math.max(arithmetic(gpu, precision), traffic(gpu));
  }

  /** Whether memory is the ceiling that it meets first. */
  public boolean boundByMemory(GpuPeak gpu, StepPrecision precision) {
    return traffic(gpu) >= arithmetic(gpu, precision);
  }

  private double arithmetic(GpuPeak gpu, StepPrecision precision) {
    return flops / (products ? gpu.products(precision) : gpu.fp32()) / 1e6;
  }

  private double traffic(GpuPeak gpu) {
    return bytes / gpu.memory() / 1e3;
  }

  /** The same, as often as both. */
  Launch plus(Launch same) {
    return new Launch(kind, layer, shape, count + same.count, products, flops, bytes);
  }
}
