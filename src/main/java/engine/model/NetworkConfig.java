package engine.model;

import engine.backend.Backend;
import engine.base.JsonFields;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which network: everything that decides its layers, and nothing about its weights. A record, with
 * a line in the table of {@link Models}.
 */
public interface NetworkConfig {
  /** ImageNet-21k has 21,841. */
  int MOST_CLASSES = 1_000_000;

  /** The name on the command line and in checkpoints. */
  String name();

  int inChannels();

  int classes();

  /** Probability before the classifier. */
  double dropout();

  /** Side of the last feature map of a square image; 0 where it is too small. */
  int finalSide(int imageSize);

  /** Whether its norms take statistics over a batch, which one value a channel has none of. */
  default boolean normalisesOverBatches() {
    return true;
  }

  /** Name of the classifier layer, which another number of classes replaces. */
  String classifier();

  /**
   * Shapes of the first and the last weight, by name: what a file of weights must agree with before
   * a network is made for it.
   */
  Map<String, Shape> ends();

  /** What makes it by {@link #of}, beside its name. */
  NetworkOptions options();

  /** What weights of it do not tell, as a sentence for people; null for nothing. */
  default String unsaid() {
    return null;
  }

  /** Goes along the layers but for the classifier, for {@link NetworkSize}. */
  void walk(LayerWalk walk);

  /**
   * Weights that timm published, which computes in some places with other constants, as this
   * network wants them.
   *
   * @param weights by torchvision's names
   */
  default Map<String, HostTensor> fromTimm(Map<String, HostTensor> weights) {
    return weights;
  }

  /**
   * The network with fresh weights; the caller closes it.
   *
   * @param random draws the initial weights, in the order of the layers; null for zeros, where
   *     saved values follow
   */
  Network create(Backend backend, RandomGenerator random);

  /**
   * @throws IllegalArgumentException where no network has so many
   */
  static void requireEnds(int inChannels, int classes) {
    if (inChannels != 1 && inChannels != 3) {
      throw new IllegalArgumentException("a network sees 1 channel or 3, not " + inChannels);
    }
    if (classes < 1 || classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "a network tells between 1 and %,d classes apart, not %,d"
              .formatted(MOST_CLASSES, classes));
    }
  }

  /**
   * The description of a network by its name.
   *
   * @param name one of {@link Models#names}
   * @throws engine.base.UserError if there is none of that name, or it has no such option
   */
  static NetworkConfig of(String name, NetworkOptions options) {
    return Models.of(name, options);
  }

  default String toJson() {
    return JsonFields.write((Record) this).toString();
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws RuntimeException if it describes no network
   */
  static NetworkConfig fromJson(String json) {
    return Models.fromJson(json);
  }
}
