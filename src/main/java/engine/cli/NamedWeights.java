package engine.cli;

import engine.base.UserError;
import engine.weights.Catalogue;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code --weights} names: a file or a run that is there, {@code imagenet} for the published
 * weights of {@code --model}, or a name of the catalogue.
 *
 * @param text as it was typed
 * @param model what {@code --model} says, or null
 */
record NamedWeights(String text, String model) {
  private static final String IMAGENET = "imagenet";

  /** The entry of the catalogue that is meant; nothing where a file or a run is. */
  Optional<Catalogue.Entry> entry() {
    if (isThere()) {
      return Optional.empty();
    }
    if (text.equalsIgnoreCase(IMAGENET)) {
      if (model == null) {
        throw new UserError(
            "--weights imagenet does not say of which network: add --model NAME, such as --model resnet50");
      }
      return Optional.of(ofModel());
    }
    return text.matches("[\\w.-]+")
            && !text.matches("(?i).*\\.(pth|pt|bin|safetensors|tar|ckpt|onnx)")
        ? Optional.of(WeightsCommand.catalogue().find(text))
        : Optional.empty();
  }

  private boolean isThere() {
    try {
      return Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private Catalogue.Entry ofModel() {
    return WeightsCommand.catalogue().weights().stream()
        .filter(e -> e.isDefault() && e.model().equals(model))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no published weights of %s are known by name: engine weights list has those that are, and --weights takes a file"
                        .formatted(model)));
  }

  /** Where they are; those of the catalogue are fetched unless they are here. */
  Path path() {
    return entry().map(e -> WeightsCommand.fetch(e, null)).orElseGet(() -> Path.of(text));
  }
}
