package engine.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.base.JsonText;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which network: everything that decides its layers, and nothing about its weights. */
public sealed interface NetworkConfig permits ResNetConfig, EfficientNetConfig {
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
   * The network with fresh weights; the caller closes it.
   *
   * @param random draws the initial weights, in the order of the layers; null for zeros, where
   *     saved values follow
   */
  Network create(Backend backend, RandomGenerator random);

  default String toJson() {
    return new Gson().toJson(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws RuntimeException if it describes no network
   */
  static NetworkConfig fromJson(String json) {
    Gson gson = new Gson();
    JsonObject object = JsonText.object(json);
    boolean residual = object.has("depth");
    return gson.fromJson(object, residual ? ResNetConfig.class : EfficientNetConfig.class);
  }
}
