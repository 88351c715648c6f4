package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.backend.Quantizers;
import engine.tensor.Tensor;

/**
 * The weight of a convolution whose norm will be folded into it, rounded as it will be rounded
 * then: with {@code f = gamma / sqrt(variance + eps)} of the running variance it is {@code round(w
 * * f) / f}.
 *
 * <p>PyTorch convolves with {@code round(w * f)} and divides the result by f; the product is linear
 * in the weight, so dividing the weight costs no pass over the images. Both w and gamma get a
 * gradient: {@code dw = dy * inside}, and because f is proportional to gamma, {@code dgamma =
 * sum(dy * (inside * w - y)) / gamma}.
 */
public record FakeQuantizeFolded() implements Operation {
  static final Identity IDENTITY = new Identity("fake_quantize_folded", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** Times f, rounded, and divided by f. */
  @Override
  public long flops(Call call) {
    return (FakeQuantize.FLOPS + 2) * call.written();
  }

  @Override
  public boolean isWeight(int i) {
    return true;
  }

  /**
   * @param w [O, ...]
   * @param gamma [O], the norm's scale
   * @param plain w row-major; the reference is taken over
   * @param factor f, F32 [O]; the reference is taken over
   * @param grid a scale an output channel; the caller's
   * @param tiny F32 [1], next to any gamma nothing; the caller's
   * @return the rounded weight, row-major
   */
  public static Variable apply(
      Tape tape,
      Variable w,
      Variable gamma,
      Tensor plain,
      Tensor factor,
      Quantizers.QuantRange grid,
      Tensor tiny) {
    Quantizers quantizers = tape.backend().quantizers();
    return tape.record(
        new FakeQuantizeFolded(),
        operands(w, gamma),
        quantizers.fakeQuantize(plain, factor, grid),
        dy -> {
          try (Tensor dw = quantizers.fakeQuantizeBackward(dy, plain, factor, grid)) {
            tape.accumulate(w, tape.backend().memory().toLayoutOf(dw, w.value()));
          }
          // A gamma of 0 hides its filter, so that the sum is 0, too: 0 / tiny and not 0 / 0.
          var elementwise = tape.backend().elementwise();
          try (Tensor sum = quantizers.roundingGradient(dy, plain, factor, grid);
              Tensor divisor = elementwise.binary(Binary.ADD, gamma.value(), tiny)) {
            tape.accumulate(gamma, elementwise.binary(Binary.DIV, sum, divisor));
          }
        },
        plain,
        factor);
  }
}
