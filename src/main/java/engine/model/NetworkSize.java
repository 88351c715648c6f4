package engine.model;

/**
 * How large a network is, from its description alone: nothing is allocated. Attention is left out:
 * it adds little.
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
    LayerWalk walk = new LayerWalk(config.inChannels(), side);
    config.walk(walk);
    return walk.end(config.classes());
  }
}
