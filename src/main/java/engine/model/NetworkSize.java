package engine.model;

/**
 * How large a network is, from its description alone: nothing is allocated.
 *
 * @param parameters trained values
 * @param activations values in the results of all convolutions, for one image
 * @param largest values in the largest of those results
 */
public record NetworkSize(long parameters, long activations, long largest) {

  /**
   * @param side of a square image, in pixels
   */
  public static NetworkSize of(NetworkConfig config, int side) {
    Walk walk = new Walk(config.inChannels(), side);
    switch (config) {
      case ResNetConfig r -> walk.resNet(r);
      case EfficientNetConfig e -> walk.efficientNet(e);
    }
    walk.parameters += (walk.channels + 1) * config.classes();
    return new NetworkSize(walk.parameters, walk.activations, walk.largest);
  }

  /** Where a walk along the layers is. Attention is left out: it adds little. */
  private static final class Walk {
    private long channels;
    private long side;
    private long parameters;
    private long activations;
    private long largest;

    Walk(int channels, int side) {
      this.channels = channels;
      this.side = side;
    }

    void resNet(ResNetConfig r) {
      boolean small = r.stem() == ResNetConfig.Stem.SMALL;
      conv(r.baseWidth(), small ? 3 : 7, small ? 1 : 2, 1);
      side = small ? side : Math.ceilDiv(side, 2);
      int[] blocks = r.layers();
      for (int s = 0; s < blocks.length; s++) {
        long planes = (long) r.baseWidth() << s;
        for (int i = 0; i < blocks[s]; i++) {
          block(planes, i == 0 && s > 0 ? 2 : 1, r.bottleneck());
        }
      }
    }

    private void block(long planes, int stride, boolean bottleneck) {
      long in = channels;
      long before = side;
      if (bottleneck) {
        conv(planes, 1, 1, 1);
        conv(planes, 3, stride, 1);
        conv(planes * Bottleneck.EXPANSION, 1, 1, 1);
      } else {
        conv(planes, 3, stride, 1);
        conv(planes, 3, 1, 1);
      }
      if (stride != 1 || in != channels) {
        long out = channels;
        channels = in;
        side = before;
        conv(out, 1, stride, 1);
      }
    }

    void efficientNet(EfficientNetConfig e) {
      conv(e.stemChannels(), 3, 2, 1);
      for (EfficientNetConfig.StageConfig s : e.stages()) {
        for (int i = 0; i < s.layers(); i++) {
          long in = channels;
          long wide = in * s.expansion();
          if (wide != in) {
            conv(wide, 1, 1, 1);
          }
          conv(wide, s.kernel(), i == 0 ? s.stride() : 1, wide);
          long squeezed = Math.max(1, in / 4);
          parameters += 2 * wide * squeezed + squeezed + wide;
          conv(s.out(), 1, 1, 1);
        }
      }
      conv(e.headChannels(), 1, 1, 1);
    }

    /** A convolution that keeps a side but for its stride, and its norm. */
    private void conv(long out, int kernel, int stride, long groups) {
      side = Math.ceilDiv(side, stride);
      parameters += channels / groups * kernel * kernel * out + 2 * out;
      channels = out;
      long result = out * side * side;
      activations += result;
      largest = Math.max(largest, result);
    }
  }
}
