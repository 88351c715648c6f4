package engine.quant;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A grid that is known: {@code q = clamp(zeroPoint + round(x * (1 / scale)), qmin, qmax)}, halves
 * to even.
 *
 * @param scale one a channel, or one
 * @param zeroPoint as many
 */
public record QuantParams(QuantSpec spec, float[] scale, int[] zeroPoint) {
  /** The grid of one range: what {@link engine.backend.Quantizers#qparamsInPlace} computes. */
  public static QuantParams of(QuantSpec spec, float min, float max) {
    float a = Math.min(min, 0f);
    float b = Math.max(max, 0f);
    int span = spec.qmax() - spec.qmin();
    boolean affine = spec.scheme() == engine.backend.Quantizers.Scheme.AFFINE;
    float step = affine ? (b - a) / span : Math.max(-a, b) / (span / 2f);
    step = Math.max(step, Math.ulp(1f));
    int zp = spec.isSigned() ? 0 : (spec.qmin() + spec.qmax() + 1) / 2;
    if (affine) {
      zp = Math.clamp(spec.qmin() - (long) Math.rint(a / step), spec.qmin(), spec.qmax());
    }
    return new QuantParams(spec, new float[] {step}, new int[] {zp});
  }

  /** The grid of weights from the largest absolute value of each channel. */
  static QuantParams ofAbsmax(QuantSpec spec, float[] absmax) {
    float[] scale = new float[absmax.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = of(spec, -absmax[c], absmax[c]).scale[0];
    }
    return new QuantParams(spec, scale, new int[scale.length]);
  }

  /**
   * The largest absolute value of each channel.
   *
   * @param w [O, ...]
   */
  static float[] absmax(HostTensor w) {
    float[] values = w.toFloats();
    float[] out = new float[w.shape().size(0)];
    int row = values.length / out.length;
    for (int i = 0; i < values.length; i++) {
      out[i / row] = Math.max(out[i / row], Math.abs(values[i]));
    }
    return out;
  }

  /** The rounded values of a row-major tensor whose channels are its axis {@code spec.axis()}. */
  public HostTensor quantize(HostTensor x) {
    float[] values = x.toFloats();
    byte[] out = new byte[values.length];
    int inner = inner(x.shape());
    for (int i = 0; i < out.length; i++) {
      int c = i / inner % scale.length;
      long q = zeroPoint[c] + (long) Math.rint(values[i] * (1f / scale[c]));
      out[i] = (byte) Math.clamp(q, spec.qmin(), spec.qmax());
    }
    return new HostTensor(
        spec.isSigned() ? DType.I8 : DType.U8, x.shape(), MemorySegment.ofArray(out));
  }

  /** The real numbers that rounded values stand for. */
  public HostTensor dequantize(HostTensor q) {
    float[] out = new float[Math.toIntExact(q.shape().elements())];
    int inner = inner(q.shape());
    for (int i = 0; i < out.length; i++) {
      int c = i / inner % scale.length;
      out[i] = (float) (q.get(i) - zeroPoint[c]) * scale[c];
    }
    return HostTensor.of(out, q.shape().dims());
  }

  /** Values from one channel's to the next. */
  private int inner(Shape shape) {
    long inner = 1;
    for (int i = Math.max(0, spec.axis() + 1); i < shape.rank(); i++) {
      inner *= shape.dim(i);
    }
    return spec.axis() < 0 ? Math.max(1, Math.toIntExact(shape.elements())) : (int) inner;
  }
}
