package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StateMappingTest {
  private static final Map<String, Shape> MODEL = new LinkedHashMap<>();

  static {
    MODEL.put("conv1.weight", Shape.of(2, 3, 1, 1));
    MODEL.put("bn1.weight", Shape.of(2));
    MODEL.put("bn1.num_batches_tracked", Shape.of());
    MODEL.put("fc.weight", Shape.of(4, 2));
    MODEL.put("fc.bias", Shape.of(4));
  }

  private static Map<String, HostTensor> file(String prefix, int width, int classes) {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    out.put(prefix + "conv1.weight", HostTensor.of(new float[width * 3], width, 3, 1, 1));
    out.put(prefix + "bn1.weight", HostTensor.of(new float[width], width));
    out.put(prefix + "fc.weight", HostTensor.of(new float[classes * width], classes, width));
    out.put(prefix + "fc.bias", HostTensor.of(new float[classes], classes));
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "backbone.", "module.backbone.", "_orig_mod.module."})
  void prefixesOfWrappersComeOff(String prefix) {
    StateMapping m = StateMapping.of(MODEL, file(prefix, 2, 4), "fc");
    m.requireSameModel("test");
    assertEquals(prefix, m.prefix());
    assertEquals(4, m.loaded().size());
    assertEquals(List.of(), m.missing(), "an old file has no counters");
    assertNull(m.classifier());
  }

  @Test
  void aClassifierOfOtherClassesStartsAfreshAndThatIsSaid() {
    StateMapping m = StateMapping.of(MODEL, file("", 2, 1000), "fc");
    m.requireSameModel("test");
    assertEquals(Set.of("conv1.weight", "bn1.weight"), m.loaded().keySet());
    assertTrue(m.lines().get(1).contains("fc starts afresh"), m.lines().toString());
  }

  @Test
  void whatHasNoPlaceAndWhatIsMissingIsListed() {
    Map<String, HostTensor> file = file("", 2, 4);
    file.put("head.extra", file.remove("bn1.weight"));
    StateMapping m = StateMapping.of(MODEL, file, "fc");
    assertEquals(List.of("head.extra"), m.skipped());
    assertEquals(List.of("bn1.weight"), m.missing());
  }

  @Test
  void anotherWidthIsRefusedWithBothShapes() {
    StateMapping m = StateMapping.of(MODEL, file("", 8, 4), "fc");
    String message = assertThrows(UserError.class, () -> m.requireSameModel("it")).getMessage();
    assertTrue(message.contains("[8, 3, 1, 1] there and [2, 3, 1, 1] here"), message);
  }

  @Test
  void anotherModelIsRefused() {
    Map<String, HostTensor> other = Map.of("stages.0.weight", HostTensor.of(new float[1], 1));
    StateMapping m = StateMapping.of(MODEL, other, "fc");
    assertThrows(UserError.class, () -> m.requireSameModel("it"));
  }

  @ParameterizedTest
  @CsvSource({
    "conv_stem.weight, features.0.0.weight",
    "bn1.running_mean, features.0.1.running_mean",
    "blocks.0.0.conv_dw.weight, features.1.0.block.0.0.weight",
    "blocks.0.0.conv_pw.weight, features.1.0.block.2.0.weight",
    "blocks.3.2.se.conv_reduce.bias, features.4.2.block.2.fc1.bias",
    "blocks.6.0.conv_pwl.weight, features.7.0.block.3.0.weight",
    "blocks.6.0.bn3.bias, features.7.0.block.3.1.bias",
    "conv_head.weight, features.8.0.weight",
    "classifier.weight, classifier.1.weight"
  })
  void timmsNamesHaveTorchvisionsPlaces(String timm, String torchvision) {
    assertEquals(torchvision, TimmNames.toTorchvision(timm));
  }
}
