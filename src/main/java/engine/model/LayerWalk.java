package engine.model;

/** Counts along the layers of a network, from its description alone; see {@link NetworkSize}. */
public final class LayerWalk {
  private long channels;
  private long side;
  private long parameters;
  private long activations;
  private long largest;

  LayerWalk(int channels, int side) {
    this.channels = channels;
    this.side = side;
  }

  /** Channels of the last result. */
  long channels() {
    return channels;
  }

  /** A convolution that keeps a side but for its stride, and its norm. */
  void conv(long out, int kernel, int stride, long groups) {
    side = Math.ceilDiv(side, stride);
    addParameters(channels / groups * kernel * kernel * out + 2 * out);
    result(out);
  }

  /** A convolution that keeps the side, without norm and bias. */
  void plain(long out, int kernel, long groups) {
    addParameters(channels / groups * kernel * kernel * out);
    result(out);
  }

  /** A convolution over whole patches side by side, without norm and bias. */
  void patches(long out, int patch) {
    side /= patch;
    plain(out, patch, 1);
  }

  private void result(long out) {
    channels = out;
    long result = out * side * side;
    activations += result;
    largest = Math.max(largest, result);
  }

  /** A pooling, which keeps no result of its own. */
  void pool(int stride) {
    side = Math.ceilDiv(side, stride);
  }

  /** Trained values beside those of {@link #conv}. */
  void addParameters(long count) {
    parameters += count;
  }

  /** A block's shortcut: a 1x1 convolution from what the block took to what it gives. */
  void shortcut(long inChannels, long inSide, int stride) {
    long out = channels;
    channels = inChannels;
    side = inSide;
    conv(out, 1, stride, 1);
  }

  long side() {
    return side;
  }

  /** A linear layer on the means, with bias. */
  void linear(long out) {
    addParameters((channels + 1) * out);
    channels = out;
  }

  /** The classifier ends the walk. */
  NetworkSize end(int classes) {
    addParameters((channels + 1) * classes);
    return new NetworkSize(parameters, activations, largest);
  }
}
