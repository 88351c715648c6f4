package engine.model;

import engine.autograd.Activate;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.nn.BatchNorm2d;
import engine.nn.Conv2d;
import engine.nn.Module;
import java.util.random.RandomGenerator;

/**
 * A convolution that keeps the size but for its stride, a norm, and an activation unless it is
 * linear: torchvision's {@code Conv2dNormActivation}.
 */
final class ConvNormActivation extends Module {
  /**
   * The filters of a convolution.
   *
   * @param in channels read
   * @param out channels made
   * @param kernel side of a filter
   */
  record Filters(int in, int out, int kernel, int stride, int groups) {
    /** Filters of one pixel. */
    static Filters pointwise(int in, int out) {
      return new Filters(in, out, 1, 1, 1);
    }

    /** A filter a channel. */
    static Filters depthwise(int channels, int kernel, int stride) {
      return new Filters(channels, channels, kernel, stride, channels);
    }
  }

  /**
   * What all these layers of a network share.
   *
   * @param eps of the norms
   * @param momentum of the norms
   * @param padsSame whether the convolutions pad as TensorFlow's "same" does; else each side alike
   */
  record Style(float eps, float momentum, boolean padsSame) {
    /** PyTorch's own. */
    static final Style PYTORCH = new Style(1e-5f, 0.1f, false);

    /** torchvision's, of networks whose norms follow TensorFlow's. */
    static final Style SLOW = new Style(1e-3f, 0.01f, false);

    /**
     * Of networks that came from TensorFlow, with PyTorch's momentum, as timm's have it: the
     * statistics of TensorFlow's 0.01 lag behind a short run.
     */
    static final Style TENSORFLOW = new Style(1e-3f, 0.1f, true);
  }

  private final Conv2d conv;
  private final BatchNorm2d norm;
  private final Activation activation;

  /**
   * @param activation null for none
   */
  ConvNormActivation(
      Backend b, Filters f, Style style, Activation activation, RandomGenerator random) {
    Conv2dGeometry geometry = Conv2dGeometry.of(f.stride, f.kernel / 2, f.groups);
    conv = child("0", new Conv2d(b, f.in, f.out, f.kernel, geometry, false, random));
    if (style.padsSame) {
      conv.padSame();
    }
    norm = child("1", new BatchNorm2d(b, f.out, 1, style.momentum, style.eps));
    if (activation == Activation.RELU6) {
      pairBeforeActivation(conv, norm);
    } else {
      pair(conv, norm);
    }
    this.activation = activation;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = norm.forward(tape, conv.forward(tape, x));
    if (activation == null) {
      return y;
    }
    Variable z = Activate.apply(tape, activation, y);
    // A ReLU is rounded with the norm, whose pass it is part of, and a ReLU6 in place of it.
    return switch (activation) {
      case RELU -> z;
      case RELU6 -> rounded(tape, "0", z);
      default -> rounded(tape, "activation", z);
    };
  }
}
