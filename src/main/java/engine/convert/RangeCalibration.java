package engine.convert;

import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.model.Network;
import engine.quant.Int8Conversion;
import engine.quant.QuantizerSet;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Watches a network's values on images and makes an int8 network with the ranges it saw. The
 * network computes in real numbers meanwhile.
 */
public final class RangeCalibration implements AutoCloseable {
  private final Backend backend;
  private final Network network;
  private final QuantizerSet quantizers;
  private Shape images;

  /**
   * @param network stays the caller's; watched until this is closed
   * @param percentile of each layer's values that its range keeps; 100 for minimum and maximum
   */
  public RangeCalibration(Backend backend, Network network, double percentile) {
    this(backend, network, percentile, backend.quantizers().weightBits());
  }

  /**
   * @param weightBits see {@link engine.backend.Quantizers#weightBits}
   */
  RangeCalibration(Backend backend, Network network, double percentile, int weightBits) {
    this.backend = backend;
    this.network = network;
    quantizers = new QuantizerSet(backend, new QuantizerSet.Config(0, percentile), weightBits);
    quantizers.round(false);
    network.roundWith(quantizers);
  }

  /**
   * @param images F32 [N, C, H, W], normalised; the reference is taken over
   */
  public void see(Tensor images) {
    this.images = images.shape();
    try (Tape tape = Tape.inference(backend)) {
      network.forward(tape, tape.constant(images));
    }
  }

  /**
   * @param advice what to do about a layer that gave nothing but 0
   * @throws engine.base.UserError that names a layer whose range is empty, or an op without an
   *     integer form
   */
  public Int8Graph convert(String advice) {
    return convert(backend, network, quantizers, images, advice);
  }

  /**
   * The same of a network that was trained with its layers rounded.
   *
   * @param images shape of those that it is for, on which the padding of a layer may depend
   */
  static Int8Graph convert(
      Backend backend, Network network, QuantizerSet quantizers, Shape images, String advice) {
    quantizers.observe(false);
    quantizers.check();
    Shape one = Shape.of(1, images.dim(1), images.dim(2), images.dim(3));
    return Int8Conversion.convert(network.graph(backend, one), quantizers, advice);
  }

  /** Which layers a network has does not depend on the size of its images. */
  static Shape anyImage(Network network) {
    return Shape.of(1, network.config().inChannels(), 64, 64);
  }

  @Override
  public void close() {
    network.roundWith(null);
    quantizers.close();
  }
}
