package engine.inspect.roofline;

import engine.tensor.DType;

/** What a training step multiplies in; sums, statistics, weights and their state are fp32. */
public enum StepPrecision {
  /** Images and activations of two bytes, products on tensor cores. */
  FP16(DType.F16),
  /** Everything fp32, products rounded to TF32 on tensor cores. */
  TF32(DType.F32),
  /** Everything fp32, no tensor cores. */
  FP32(DType.F32);

  /** Of an activation, and of a filter as a product reads it; TF32 is fp32 in memory. */
  final DType type;

  /** Of a number of that type. */
  final int bytes;

  StepPrecision(DType type) {
    this.type = type;
    bytes = type.bytes();
  }
}
