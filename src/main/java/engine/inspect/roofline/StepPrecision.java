package engine.inspect.roofline;

/** What a training step multiplies in; sums, statistics, weights and their state are fp32. */
public enum StepPrecision {
  /** Images and activations of two bytes, products on tensor cores. */
  FP16(2),
  /** Everything fp32, products rounded to TF32 on tensor cores. */
  TF32(4),
  /** Everything fp32, no tensor cores. */
  FP32(4);

  /** Bytes of a number of an activation, and of a filter as a product reads it. */
  final int bytes;

  StepPrecision(int bytes) {
    this.bytes = bytes;
  }
}
