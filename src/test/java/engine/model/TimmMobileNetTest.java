package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** timm's names of a MobileNetV2, as the state dict of its {@code mobilenetv2_100} has them. */
final class TimmMobileNetTest {
  private static final Path LISTING =
      Path.of("src/test/resources/engine/model/timm_mobilenetv2_100.txt");

  @Test
  void everyTensorHasItsPlaceAndTheNetworkIsTold() throws Exception {
    Map<String, Shape> theirs = new LinkedHashMap<>();
    for (String line : Files.readAllLines(LISTING)) {
      int space = line.indexOf(' ');
      String dims = line.substring(space + 2, line.length() - 1);
      long[] shape =
          dims.isEmpty()
              ? new long[0]
              : Arrays.stream(dims.split(", ")).mapToLong(Long::parseLong).toArray();
      theirs.put(line.substring(0, space), Shape.of(shape));
    }
    List<Recognition.Found> found = Recognition.of(theirs);
    assertEquals(1, found.size(), found.toString());
    assertEquals("mobilenet_v2", found.getFirst().config().name());
    var names =
        Models.otherNames().stream()
            .filter(n -> n.areIn(theirs.keySet()))
            .findFirst()
            .orElseThrow();
    Map<String, Shape> ours = new LinkedHashMap<>();
    theirs.forEach((n, s) -> ours.put(names.toTorchvision(n), s));
    try (Network net = found.getFirst().config().create(TestDevices.cpu(), null)) {
      assertEquals(net.shapes(), ours);
    }
  }
}
