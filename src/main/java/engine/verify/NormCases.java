package engine.verify;

import engine.autograd.BatchNorm;
import engine.autograd.BatchNorm.After;
import engine.autograd.LayerNorm;
import engine.autograd.Variable;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.tensor.Tensor;

/** Batch norm over several steps, with the running statistics after each. */
final class NormCases {
  private NormCases() {}

  static void batchNorm(OpContext c) {
    boolean training = c.flag("training", true);
    float eps = c.number("eps", 1e-5f);
    var norm = new BatchNorm.Affine(c.leaf("weight"), c.leaf("bias"), eps);
    Tensor mean = c.tensor("running_mean");
    Tensor variance = c.tensor("running_var");
    Statistics running = new Statistics(mean, variance);
    for (int i = 0; i < c.integer("steps", 1); i++) {
      String step = i == 0 ? "" : Integer.toString(i);
      Variable x = c.leaf("x" + step);
      // Without a momentum the running statistics are plain averages over the steps.
      float momentum = c.number("momentum", 1f / (i + 1));
      Variable y =
          training
              ? BatchNorm.train(
                  c.tape,
                  x,
                  norm,
                  mean == null ? null : new Running(running, null, momentum),
                  After.NOTHING)
              : BatchNorm.infer(c.tape, x, norm, running, After.NOTHING);
      c.output("y" + step, y);
      if (mean != null) {
        c.check("out.running_mean" + step, mean);
        c.check("out.running_var" + step, variance);
      }
    }
  }

  /** Over the last axis, or along axis 1 of images. */
  static void layerNorm(OpContext c) {
    c.output(
        "y",
        LayerNorm.apply(
            c.tape,
            c.leaf("x"),
            c.leaf("weight"),
            c.leaf("bias"),
            c.integer("dim", -1),
            c.number("eps", 1e-5f)));
  }
}
