package engine.onnx;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.List;

/**
 * The arithmetic of QuantizeLinear and DequantizeLinear.
 *
 * @param scale one number, or one for each index along {@code axis}
 * @param zeroPoint as many, or null for zeros
 */
record QuantNode(HostTensor x, HostTensor scale, HostTensor zeroPoint, int axis) {
  static QuantNode of(List<HostTensor> in, int axis) {
    return new QuantNode(in.get(0), in.get(1), in.size() > 2 ? in.get(2) : null, axis);
  }

  HostTensor quantize() {
    DType type = zeroPoint != null ? zeroPoint.dtype() : DType.U8;
    int low = type == DType.U8 ? 0 : -128;
    HostTensor out = HostTensor.zeros(type, x.shape());
    for (long i = 0; i < x.shape().elements(); i++) {
      long c = channel(i, x.shape());
      double zp = zeroPoint != null ? zeroPoint.get(c) : 0;
      double q = Math.rint((float) x.get(i) / (float) scale.get(c)) + zp;
      HostOps.set(out, i, Math.clamp(q, low, low + 255));
    }
    return out;
  }

  HostTensor dequantize() {
    HostTensor q = x;
    float[] out = new float[(int) q.shape().elements()];
    for (int i = 0; i < out.length; i++) {
      long c = channel(i, q.shape());
      double zp = zeroPoint != null ? zeroPoint.get(c) : 0;
      out[i] = (float) (q.get(i) - zp) * (float) scale.get(c);
    }
    return HostTensor.of(out, q.shape().dims());
  }

  /** Which of the scales element {@code i} has. */
  private long channel(long i, Shape shape) {
    long scales = scale.shape().elements();
    if (scales == 1) {
      return 0;
    }
    long inner = 1;
    for (int k = axis + 1; k < shape.rank(); k++) {
      inner *= shape.dim(k);
    }
    return i / inner % scales;
  }
}
