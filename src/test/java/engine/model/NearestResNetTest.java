package engine.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestResNetTest {
  /** Of torchvision's resnet152, of timm's resnet26, and of one that somebody made. */
  @ParameterizedTest
  @CsvSource({
    "3, 8, 36, 3, true, resnet101",
    "2, 2, 2, 2, true, resnet50",
    "2, 2, 2, 3, false, resnet18",
    "3, 4, 6, 4, false, resnet34"
  })
  void aResNetOfOtherBlocksIsToldWithTheNearestOne(
      int a, int b, int c, int d, boolean bottleneck, String nearest) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("conv1.weight", Shape.of(64, 3, 7, 7));
    int[] blocks = {a, b, c, d};
    for (int stage = 0; stage < 4; stage++) {
      for (int i = 0; i < blocks[stage]; i++) {
        String block = "layer%d.%d.".formatted(stage + 1, i);
        shapes.put(block + "conv1.weight", Shape.of(64, 64, 1, 1));
        shapes.put(block + "conv2.weight", Shape.of(64, 64, 3, 3));
        if (bottleneck) {
          shapes.put(block + "conv3.weight", Shape.of(256, 64, 1, 1));
        }
      }
    }
    shapes.put("fc.weight", Shape.of(5, 256));
    String said = assertThrows(UserError.class, () -> Recognition.of(shapes)).getMessage();
    assertTrue(said.endsWith("; the nearest is " + nearest), said);
  }
}
