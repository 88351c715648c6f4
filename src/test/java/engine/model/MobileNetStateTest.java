package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Backend;
import engine.base.UserError;
import engine.model.MobileNetConfig.Generation;
import engine.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The state dicts of the MobileNets against torchvision's, which {@code make.py} lists. */
final class MobileNetStateTest {
  private static final Backend CPU = TestDevices.cpu();
  private static final Path FOLDER = Path.of("src/test/resources/engine/model");

  private static MobileNetConfig of(Generation generation, double width) {
    return new MobileNetConfig(generation, width, 3, 1000, 0.2);
  }

  @ParameterizedTest
  @CsvSource({"V2, 3504872", "V3_SMALL, 2542856", "V3_LARGE, 5483032"})
  void namesOrderShapesAndCountAreTorchvisions(Generation g, long parameters) throws Exception {
    try (var _ = TestDevices.noLeaks(CPU);
        Network net = of(g, 1).create(CPU, null)) {
      assertEquals(parameters, net.parameterCount());
      StringBuilder listing = new StringBuilder();
      net.stateDict(CPU)
          .forEach((n, t) -> listing.append("%s %s %s\n".formatted(n, t.shape(), t.dtype())));
      Path want = FOLDER.resolve(net.config().name() + ".txt");
      assertEquals(Files.readString(want), listing.toString());
    }
  }

  /** Counts of {@code torchvision.models.NAME(width_mult=F)}. */
  @ParameterizedTest
  @CsvSource({
    "V2, 0.01, 1316728",
    "V2, 0.25, 1519112",
    "V2, 0.35, 1677128",
    "V2, 0.5, 1968680",
    "V2, 0.75, 2636424",
    "V2, 1.25, 5050376",
    "V2, 1.4, 6108776",
    "V2, 2.0, 11258088",
    "V3_SMALL, 0.01, 22664",
    "V3_SMALL, 0.25, 374272",
    "V3_SMALL, 0.35, 558744",
    "V3_SMALL, 0.5, 917264",
    "V3_SMALL, 0.75, 1653920",
    "V3_SMALL, 1.25, 3644912",
    "V3_SMALL, 1.4, 4373824",
    "V3_SMALL, 2.0, 7949832",
    "V3_LARGE, 0.01, 24088",
    "V3_LARGE, 0.25, 617000",
    "V3_LARGE, 0.35, 997064",
    "V3_LARGE, 0.5, 1734576",
    "V3_LARGE, 0.75, 3377576",
    "V3_LARGE, 1.25, 8164744",
    "V3_LARGE, 1.4, 9989328",
    "V3_LARGE, 2.0, 19121216"
  })
  void widthsRoundAsTorchvisions(Generation g, double width, long parameters) {
    assertEquals(parameters, NetworkSize.of(of(g, width), 224).parameters());
  }

  @ParameterizedTest
  @EnumSource
  void theDescriptionGoesThroughJson(Generation g) {
    assertEquals(of(g, 0.5), NetworkConfig.fromJson(of(g, 0.5).toJson()));
  }

  /** torchvision can make them with half the channels at the end, which no width gives. */
  @Test
  void otherChannelsThanAnyWidthGivesAreRefused() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try (Network n = of(Generation.V3_LARGE, 1).create(CPU, null)) {
      shapes.putAll(n.shapes());
    }
    shapes.put("features.16.0.weight", Shape.of(480, 80, 1, 1));
    UserError e = assertThrows(UserError.class, () -> Recognition.of(shapes));
    assertTrue(e.getMessage().contains("other channels than those of mobilenet_v2"), e.toString());
  }
}
