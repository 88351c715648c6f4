package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.backend.Quantizers;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * {@link FakeQuantize} whose scale and zero point are trained (Esser et al. 2020, Learned Step Size
 * Quantization, equations 2 and 3; the zero point after Bhalgat et al. 2020).
 */
public record FakeQuantizeLearned() implements Operation {
  static final Identity IDENTITY = new Identity("fake_quantize_learned", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return FakeQuantize.FLOPS * call.written();
  }

  @Override
  public boolean isWeight(int i) {
    return i > 0;
  }

  /**
   * One grid for the whole tensor. The scale is read from the device now: this op cannot be part of
   * a recorded plan.
   *
   * @param scale F32 [1]
   * @param zeroPoint F32 [1], rounded before use
   * @param gradFactor on the gradients of scale and zero point
   */
  public static Variable apply(
      Tape tape,
      Variable x,
      Variable scale,
      Variable zeroPoint,
      int qmin,
      int qmax,
      float gradFactor) {
    var memory = tape.backend().memory();
    var elementwise = tape.backend().elementwise();
    Quantizers quantizers = tape.backend().quantizers();
    float s = (float) memory.download(scale.value()).item();
    double z = Math.rint(memory.download(zeroPoint.value()).item());
    Tensor zp = memory.upload(HostTensor.of(new int[] {(int) Math.clamp(z, qmin, qmax)}, 1));
    var grid = new Quantizers.QuantRange(-1, scale.value(), zp, qmin, qmax);
    return tape.record(
        new FakeQuantizeLearned(),
        operands(x, scale, zeroPoint),
        quantizers.fakeQuantize(x.value(), null, grid),
        dy -> {
          Tensor dx = quantizers.fakeQuantizeBackward(dy, x.value(), null, grid);
          try (Tensor sum = quantizers.roundingGradient(dy, x.value(), null, grid)) {
            // Inside, dy/ds is (y - x) / s; outside, y / s.
            tape.accumulate(scale, elementwise.scale(sum, -gradFactor / s));
          }
          try (Tensor outside = elementwise.binary(Binary.SUB, dy, dx);
              Tensor plain = memory.toRowMajor(outside, DType.F32);
              Tensor flat = plain.reshape(Shape.of(1, plain.shape().elements()));
              Tensor sum = tape.backend().reductions().sum(flat, new int[] {1}, false)) {
            tape.accumulate(zeroPoint, elementwise.scale(sum, -gradFactor * s));
          }
          tape.accumulate(x, dx);
        },
        zp);
  }
}
