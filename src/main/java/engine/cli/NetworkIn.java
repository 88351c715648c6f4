package engine.cli;

import engine.base.UserError;
import engine.model.Recognition;
import engine.tensor.Shape;
import engine.weights.WeightsFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which network a file of weights holds, for people. */
final class NetworkIn {
  private NetworkIn() {}

  static Optional<String> of(WeightsFile.Contents contents) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    contents.tensors().forEach((name, t) -> shapes.put(name, t.shape()));
    List<Recognition.Found> found;
    try {
      found = Recognition.of(shapes);
    } catch (UserError e) {
      return Optional.of("network: none that is known here; it " + e.getMessage());
    }
    String names =
        found.stream()
            .map(f -> f.config().name() + ", %,d classes".formatted(f.config().classes()))
            .distinct()
            .collect(Collectors.joining("; or "));
    return names.isEmpty() ? Optional.empty() : Optional.of("network: " + names);
  }
}
