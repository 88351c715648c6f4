package engine.nn;

import engine.autograd.BatchNorm;
import engine.autograd.BatchNorm.After;
import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Convolutions;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Batch norm over channels with learned scale and shift and running statistics. */
public final class BatchNorm2d extends Module {
  /** PyTorch's default. */
  private static final float MOMENTUM = 0.1f;

  private static final float EPS = 1e-5f;

  private final Backend backend;
  private final float eps;
  private final Parameter weight;
  private final Parameter bias;
  private final BatchNorm.Affine affine;
  private final Running running;
  private boolean frozen;

  public BatchNorm2d(Backend backend, int channels, float initialScale) {
    this(backend, channels, initialScale, MOMENTUM, EPS);
  }

  /**
   * @param momentum weight of each batch in the running statistics
   * @param eps added to the variance
   */
  public BatchNorm2d(Backend backend, int channels, float initialScale, float momentum, float eps) {
    this.backend = backend;
    this.eps = eps;
    Shape c = Shape.of(channels);
    weight = parameter("weight", new Parameter(filled(c, initialScale), false));
    bias = parameter("bias", new Parameter(filled(c, 0), false));
    affine = new BatchNorm.Affine(weight, bias, eps);
    Tensor mean = buffer("running_mean", filled(c, 0));
    Tensor variance = buffer("running_var", filled(c, 1));
    Tensor batches = buffer("num_batches_tracked", backend.memory().zeros(DType.I64, Shape.of()));
    running = new Running(new Statistics(mean, variance), batches, momentum);
  }

  private Tensor filled(Shape shape, float value) {
    return backend.memory().upload(Init.constant(shape, value));
  }

  /**
   * Whether training too normalises by the running statistics and leaves them as they are: for
   * fine-tuning on batches too small, or too unlike the first data, to estimate them from.
   */
  public void freezeStatistics(boolean freeze) {
    frozen = freeze;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return tape.hold(new ConvNorm.Norm(this, x), x.shape());
  }

  /** The convolution before this norm with the norm's running statistics folded in. */
  Convolutions.Folded foldInto(Backend backend, Tensor convWeight) {
    return backend
        .convolutions()
        .foldNorm(convWeight, new Affine(weight.value(), bias.value(), eps), running.statistics());
  }

  /** Whether it normalises with the statistics of the batch. */
  boolean usesBatch(Tape tape) {
    return tape.isTraining() && !frozen;
  }

  /** A convolution's weight as it will be rounded when this norm is folded into it. */
  Variable round(Tape tape, Variable convWeight, Rounding rounding, String layer) {
    return rounding.weight(tape, layer, convWeight, affine, running.statistics().variance());
  }

  /**
   * The norm and what follows it, in one op.
   *
   * @param conv its sums are closed
   */
  Variable forward(Tape tape, Conv2dOp.ForNorm conv, After after) {
    if (!usesBatch(tape)) {
      return BatchNorm.infer(tape, conv.y(), affine, running.statistics(), after);
    }
    return BatchNorm.train(tape, conv, affine, running, after);
  }
}
