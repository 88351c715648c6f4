package engine.nn;

import engine.autograd.Activate;
import engine.autograd.AdaptiveAvgPool2d;
import engine.autograd.AdaptiveMaxPool2d;
import engine.autograd.Add;
import engine.autograd.Concat;
import engine.autograd.Flatten;
import engine.autograd.MaxDim;
import engine.autograd.Mean;
import engine.autograd.Mul;
import engine.autograd.Reshape;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.tensor.Shape;
import java.util.random.RandomGenerator;

/**
 * Convolutional block attention (Woo et al. 2018): x times a gate a channel, then times a gate a
 * pixel. Two variants are met in the wild, and their weights do not fit each other.
 */
public final class Cbam extends Module {
  /** Which of the two. */
  public enum Variant {
    /**
     * Most re-implementations: 1x1 convolutions without bias; the spatial gate sees [mean, max].
     */
    COMMON,
    /**
     * The authors' code: linear layers with bias; the spatial gate sees [max, mean] and has a batch
     * norm.
     */
    PAPER
  }

  private static final int KERNEL = 7;

  private final Variant variant;
  private final Module reduce;
  private final Module restore;
  private final Conv2d spatial;
  private final BatchNorm2d norm;

  /**
   * @param channels of the input
   * @param reduction the channel gate's hidden layer has channels / reduction units, at least one
   */
  public Cbam(Backend b, Variant variant, int channels, int reduction, RandomGenerator random) {
    if (channels < 1 || reduction < 1) {
      throw new IllegalArgumentException("channels and reduction of CBAM must be at least 1");
    }
    this.variant = variant;
    int hidden = Math.max(1, channels / reduction);
    if (variant == Variant.PAPER) {
      Mlp mlp = child("mlp", new Mlp(b, channels, hidden, random));
      reduce = mlp.first;
      restore = mlp.second;
      spatial = child("spatial", new Conv2d(b, 2, 1, KERNEL, 1, KERNEL / 2, random));
      norm = child("bn", new BatchNorm2d(b, 1, 1, 0.01f, 1e-5f));
    } else {
      reduce = child("fc1", new Conv2d(b, channels, hidden, 1, 1, 0, random));
      restore = child("fc2", new Conv2d(b, hidden, channels, 1, 1, 0, random));
      spatial = child("conv", new Conv2d(b, 2, 1, KERNEL, 1, KERNEL / 2, random));
      norm = null;
    }
  }

  /** Only names its two layers as the authors' {@code Sequential} does. */
  private static final class Mlp extends Module {
    final Linear first;
    final Linear second;

    Mlp(Backend b, int channels, int hidden, RandomGenerator random) {
      first = child("0", new Linear(b, channels, hidden, random));
      second = child("2", new Linear(b, hidden, channels, random));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return second.forward(tape, Activate.apply(tape, Activation.RELU, first.forward(tape, x)));
    }
  }

  /**
   * @param x [N, C, H, W]
   * @return of the same shape
   */
  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = Mul.apply(tape, x, channelGate(tape, x));
    return Mul.apply(tape, y, pixelGate(tape, y));
  }

  /** Its gates are small, and a step of a byte in them would move whole maps. */
  @Override
  protected boolean staysReal() {
    return true;
  }

  /** [N, C, 1, 1]: sigmoid(mlp(average) + mlp(maximum)). */
  private Variable channelGate(Tape tape, Variable x) {
    Variable average = mlp(tape, AdaptiveAvgPool2d.apply(tape, x, 1, 1));
    Variable maximum = mlp(tape, AdaptiveMaxPool2d.apply(tape, x, 1, 1));
    Variable gate = Activate.apply(tape, Activation.SIGMOID, Add.apply(tape, average, maximum));
    return Reshape.apply(tape, gate, Shape.of(x.shape().dim(0), x.shape().dim(1), 1, 1));
  }

  private Variable mlp(Tape tape, Variable pooled) {
    Variable v = variant == Variant.PAPER ? Flatten.apply(tape, pooled) : pooled;
    Variable hidden = Activate.apply(tape, Activation.RELU, reduce.forward(tape, v));
    return restore.forward(tape, hidden);
  }

  /** [N, 1, H, W]: sigmoid(conv(mean and maximum over the channels)). */
  private Variable pixelGate(Tape tape, Variable x) {
    Variable mean = Mean.apply(tape, x, new int[] {1}, true);
    Variable max = MaxDim.apply(tape, x, 1, true);
    Variable seen =
        variant == Variant.PAPER
            ? Concat.apply(tape, 1, max, mean)
            : Concat.apply(tape, 1, mean, max);
    Variable gate = spatial.forward(tape, seen);
    if (norm != null) {
      gate = norm.forward(tape, gate);
    }
    return Activate.apply(tape, Activation.SIGMOID, gate);
  }
}
