package engine.verify;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.BatchNorm;
import engine.autograd.BatchNorm.After;
import engine.autograd.Concat;
import engine.autograd.Conv2dOp;
import engine.autograd.MaxDim;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Conv2dGeometry;

/** Small blocks made of several ops, as networks have them. */
final class CompositeCases {
  private static final Conv2dGeometry POINTWISE = Conv2dGeometry.of(1, 0, 1);

  private CompositeCases() {}

  /** torchvision's Bottleneck with a downsampling shortcut, stride on the 3x3. */
  static void bottleneck(OpContext c) {
    int stride = c.integer("stride", 2);
    Variable x = c.leaf("x");
    Variable shortcut =
        norm(c, conv(c, x, "wd", Conv2dGeometry.of(stride, 0, 1)), "d", After.NOTHING);
    Variable y = norm(c, conv(c, x, "w1", POINTWISE), "1", After.RELU);
    y = norm(c, conv(c, y, "w2", Conv2dGeometry.of(stride, 1, 1)), "2", After.RELU);
    c.output("y", norm(c, conv(c, y, "w3", POINTWISE), "3", After.addRelu(shortcut)));
  }

  /** EfficientNet's gate: average, fc1, SiLU, fc2, sigmoid, scale. */
  static void squeezeExcitation(OpContext c) {
    Variable x = c.leaf("x");
    Variable s = AdaptiveAvgPool2d.apply(c.tape, x, 1, 1);
    s = Conv2dOp.apply(c.tape, s, c.leaf("w1"), c.leaf("b1"), POINTWISE);
    s = Activate.apply(c.tape, Activation.SILU, s);
    s = Conv2dOp.apply(c.tape, s, c.leaf("w2"), c.leaf("b2"), POINTWISE);
    c.output("y", Mul.apply(c.tape, x, Activate.apply(c.tape, Activation.SIGMOID, s)));
  }

  /** CBAM (Woo et al. 2018): a gate over channels, then one over pixels. */
  static void cbam(OpContext c) {
    Variable x = c.leaf("x");
    Variable average = gateMlp(c, AdaptiveAvgPool2d.apply(c.tape, x, 1, 1));
    Variable max = gateMlp(c, AdaptiveMaxPool2d.apply(c.tape, x, 1, 1));
    Variable channels = Activate.apply(c.tape, Activation.SIGMOID, Add.apply(c.tape, average, max));
    c.output("ca", channels);
    x = Mul.apply(c.tape, x, channels);
    Variable both =
        Concat.apply(
            c.tape,
            1,
            Mean.apply(c.tape, x, new int[] {1}, true),
            MaxDim.apply(c.tape, x, 1, true));
    int pad = c.integer("spatial_kernel", 7) / 2;
    Variable pixels =
        Activate.apply(
            c.tape, Activation.SIGMOID, conv(c, both, "ws", Conv2dGeometry.of(1, pad, 1)));
    c.output("sa", pixels);
    c.output("y", Mul.apply(c.tape, x, pixels));
  }

  private static Variable gateMlp(OpContext c, Variable v) {
    return conv(
        c, Activate.apply(c.tape, Activation.RELU, conv(c, v, "w1", POINTWISE)), "w2", POINTWISE);
  }

  private static Variable conv(OpContext c, Variable x, String weight, Conv2dGeometry g) {
    return Conv2dOp.apply(c.tape, x, c.leaf(weight), null, g);
  }

  private static Variable norm(OpContext c, Variable x, String i, After after) {
    var norm = new BatchNorm.Affine(c.leaf("g" + i), c.leaf("b" + i), 1e-5f);
    return BatchNorm.train(c.tape, x, norm, null, after);
  }
}
