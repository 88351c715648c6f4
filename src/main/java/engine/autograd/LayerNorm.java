package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.LayerNorms;

/**
 * Layer normalisation along one axis (Ba, Kiros and Hinton 2016): {@code y = scale * (x - mean) /
 * sqrt(variance + eps) + shift}, of each row's own mean and biased variance. PyTorch's {@code
 * layer_norm} over the last axis; torchvision's {@code LayerNorm2d} along the channels of images.
 * Operands: x, scale, shift.
 *
 * @param axis the last one, or 1 of images
 */
public record LayerNorm(int axis, float eps) implements Operation {
  static final Identity IDENTITY = new Identity("layer_norm", Autocast.AS_GIVEN);

  /** FLOPs a number: three for the statistics; a difference, two products and a sum. */
  private static final int EACH = 7;

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return EACH * call.read();
  }

  @Override
  public boolean isWeight(int i) {
    return i > 0;
  }

  /**
   * @param x [..., C], or images [N, C, H, W]
   * @param scale [C]
   * @param shift [C]
   * @param axis the last one, or 1 of images
   * @return of the shape and type of x
   */
  public static Variable apply(
      Tape tape, Variable x, Variable scale, Variable shift, int axis, float eps) {
    LayerNorms norms = tape.backend().layerNorms();
    var f = norms.forward(x.value(), scale.value(), shift.value(), axis, eps);
    return tape.record(
        new LayerNorm(axis, eps),
        operands(x, scale, shift),
        f.y(),
        dy -> {
          var g = norms.backward(dy, x.value(), scale.value(), f.saved(), axis);
          tape.accumulate(x, g.x());
          tape.accumulate(scale, g.scale());
          tape.accumulate(shift, g.shift());
        },
        f.saved());
  }
}
