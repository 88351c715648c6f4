package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The state dict of ConvNeXt-Tiny against torchvision's, which {@code make.py} lists. */
final class ConvNextStateTest {
  private static final Backend CPU = TestDevices.cpu();
  private static final Path FILE = Path.of("src/test/resources/engine/model/convnext_tiny.txt");

  private static ConvNextConfig tiny(double width) {
    return new ConvNextConfig(ConvNextConfig.TINY, width, 3, 1000, 0, 0.1);
  }

  @Test
  void namesOrderShapesAndCountAreTorchvisions() throws Exception {
    try (var _ = TestDevices.noLeaks(CPU);
        Network net = tiny(1).create(CPU, null)) {
      assertEquals(28_589_128, net.parameterCount());
      StringBuilder listing = new StringBuilder();
      net.stateDict(CPU)
          .forEach((n, t) -> listing.append("%s %s %s\n".formatted(n, t.shape(), t.dtype())));
      assertEquals(Files.readString(FILE), listing.toString());
    }
  }

  @Test
  void theDescriptionGoesThroughJson() {
    assertEquals(tiny(0.5), NetworkConfig.fromJson(tiny(0.5).toJson()));
  }

  @Test
  void decayLeavesOutNormsAndBiasesAsInTorchvisionsRecipe() {
    try (Network net = tiny(1 / 96.0).create(CPU, null)) {
      var p = net.parameters();
      assertFalse(p.get("features.1.0.block.2.weight").decay());
      assertFalse(p.get("features.1.0.block.3.bias").decay());
      assertTrue(p.get("features.1.0.block.3.weight").decay());
      assertTrue(p.get("features.1.0.layer_scale").decay());
    }
  }
}
