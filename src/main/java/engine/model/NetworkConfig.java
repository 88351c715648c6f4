package engine.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.base.JsonFields;
import engine.base.JsonText;
import engine.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which network: everything that decides its layers, and nothing about its weights. */
public sealed interface NetworkConfig permits ResNetConfig, EfficientNetConfig {
  /** ImageNet-21k has 21,841. */
  int MOST_CLASSES = 1_000_000;

  /** The names that {@code --model} takes. */
  List<String> NAMES =
      Stream.concat(
              Stream.of("resnet18", "resnet34", "resnet50", "resnet101"),
              IntStream.range(0, EfficientNetConfig.SCALES).mapToObj(i -> "efficientnet_b" + i))
          .toList();

  /** The name on the command line and in checkpoints. */
  String name();

  int inChannels();

  int classes();

  /** Probability before the classifier. */
  double dropout();

  /** Side of the last feature map of a square image; every stride rounds up. */
  int finalSide(int imageSize);

  /** Name of the classifier layer, which another number of classes replaces. */
  String classifier();

  /**
   * Shapes of the first and the last weight, by name: what a file of weights must agree with before
   * a network is made for it.
   */
  Map<String, Shape> ends();

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

  default String toJson() {
    return new Gson().toJson(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws RuntimeException if it describes no network
   */
  static NetworkConfig fromJson(String json) {
    JsonObject object = JsonText.object(json);
    return object.has("depth")
        ? JsonFields.read(object, ResNetConfig.class, Set.of("attention"))
        : JsonFields.read(object, EfficientNetConfig.class, Set.of());
  }
}
