package engine.autograd;

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
 * gradient: {@code dw = dy * mask}, and because f is proportional to gamma, {@code dgamma = sum(dy
 * * (mask * w - y)) / gamma}.
 */
public final class FakeQuantizeFolded {
  private FakeQuantizeFolded() {}

  /**
   * @param w [O, ...]
   * @param gamma [O], the norm's scale
   * @param plain w row-major; the reference is taken over
   * @param factor f, F32 [O]; the reference is taken over
   * @param scale F32 [O] of the grid; the caller's
   * @return the rounded weight, row-major
   */
  public static Variable apply(
      Tape tape,
      Variable w,
      Variable gamma,
      Tensor plain,
      Tensor factor,
      Tensor scale,
      Tensor zeroPoint,
      int qmin,
      int qmax) {
    Quantizers quantizers = tape.backend().quantizers();
    var r = quantizers.fakeQuantize(plain, 0, factor, scale, zeroPoint, qmin, qmax);
    return tape.record(
        "fakeQuantizeFolded",
        r.y(),
        true,
        dy -> {
          try (Tensor dw = quantizers.fakeQuantizeBackward(dy, r.y(), r.mask())) {
            tape.accumulate(w, tape.backend().memory().toLayoutOf(dw, w.value()));
          }
          try (Tensor sum = quantizers.roundingGradient(dy, plain, r.y(), r.mask(), 0)) {
            tape.accumulate(
                gamma, tape.backend().elementwise().binary(Binary.DIV, sum, gamma.value()));
          }
        },
        r.mask(),
        plain,
        factor);
  }
}
