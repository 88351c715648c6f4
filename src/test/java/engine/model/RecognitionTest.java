package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.base.UserError;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.StateMapping;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network is told from the names and the shapes of its weights alone. */
final class RecognitionTest {
  private static Map<String, Shape> shapes(String name, double width, String stem, String cbam) {
    NetworkOptions options = new NetworkOptions(width, stem, cbam, false, 0, 3, 7);
    try (Network n = NetworkConfig.of(name, options).create(TestDevices.cpu(), null)) {
      return n.shapes();
    }
  }

  private static Map<String, Shape> prefixed(String prefix, Map<String, Shape> shapes) {
    Map<String, Shape> out = new LinkedHashMap<>();
    shapes.forEach((n, s) -> out.put(prefix + n, s));
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 0.015625, standard, none",
    "resnet18, 0.25, small, none",
    "resnet34, 0.125, standard, none",
    "resnet50, 0.125, standard, cbam",
    "resnet50, 0.1, small, cbam-paper",
    "resnet101, 0.0625, standard, none",
    "efficientnet_b0, 1, standard, none",
    "efficientnet_b0, 0.35, standard, none",
    "efficientnet_b1, 1, standard, none",
    "efficientnet_b2, 1, standard, none",
    "efficientnet_b3, 0.5, standard, none",
    "efficientnet_b4, 0.213, standard, none",
    "efficientnet_b5, 0.25, standard, none",
    "efficientnet_b6, 0.25, standard, none",
    "efficientnet_b7, 0.2, standard, none",
    "mobilenet_v2, 1, standard, none",
    "mobilenet_v2, 0.75, standard, none",
    "mobilenet_v2, 1.4, standard, none",
    "mobilenet_v2, 0.01, standard, none",
    "mobilenet_v3_small, 1, standard, none",
    "mobilenet_v3_small, 0.35, standard, none",
    "mobilenet_v3_small, 0.01, standard, none",
    "mobilenet_v3_large, 1, standard, none",
    "mobilenet_v3_large, 1.25, standard, none",
    "mobilenet_v3_large, 0.123, standard, none",
    "efficientnet_lite0, 1, standard, none",
    "efficientnet_lite0, 0.35, standard, none",
    "efficientnet_lite1, 1, standard, none",
    "efficientnet_lite2, 1, standard, none",
    "efficientnet_lite3, 0.5, standard, none",
    "efficientnet_lite4, 1, standard, none",
    "convnext_tiny, 0.25, standard, none",
    "convnext_tiny, 1, standard, none",
  })
  void everyNetworkIsToldWithItsWidthUnderAnyPrefix(
      String name, double width, String stem, String attention) {
    Map<String, Shape> shapes = shapes(name, width, stem, attention);
    for (String prefix : List.of("", "module.", "student.backbone.")) {
      List<Recognition.Found> found = Recognition.of(prefixed(prefix, shapes));
      assertEquals(1, found.size(), found.toString());
      NetworkConfig told = found.getFirst().config();
      assertEquals(prefix, found.getFirst().prefix());
      assertEquals(name, told.name());
      assertEquals(7, told.classes());
      assertTrue(found.getFirst().classifies());
      try (Network again = told.create(TestDevices.cpu(), null)) {
        assertEquals(shapes, again.shapes(), "of those very shapes");
      }
    }
  }

  @Test
  void aFileWithoutAClassifierOrWithTwoNetworksIsSeenAsSuch() {
    Map<String, Shape> shapes = shapes("resnet18", 0.0625, "standard", "none");
    Map<String, Shape> bare = new LinkedHashMap<>(shapes);
    bare.keySet().removeIf(n -> n.startsWith("fc."));
    Recognition.Found backbone = Recognition.of(bare).getFirst();
    assertTrue(!backbone.classifies() && backbone.config().name().equals("resnet18"));
    Map<String, Shape> two = prefixed("student.", shapes);
    two.putAll(prefixed("teacher.", shapes));
    assertEquals(
        List.of("student.", "teacher."),
        Recognition.of(two).stream().map(Recognition.Found::prefix).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "thin_efficientnet_lite0, efficientnet_lite0",
    "thin_tf_efficientnet_b0, tf_efficientnet_b0",
  })
  void namesOfOtherLibrariesTellTheNetworkAndItsPadding(String file, String network)
      throws IOException {
    Path weights = Path.of("src/test/resources/engine/golden/model", file + "_weights.safetensors");
    Map<String, Shape> shapes = new LinkedHashMap<>();
    WeightsFile.read(weights).tensors().forEach((n, t) -> shapes.put(n, t.shape()));
    List<Recognition.Found> found = Recognition.of(prefixed("module.", shapes));
    assertEquals(List.of(network), found.stream().map(f -> f.config().name()).toList());
    assertEquals(10, found.getFirst().config().classes());
    assertTrue(found.getFirst().classifies());
  }

  /** timm's two have the same tensors. */
  @Test
  void timmsNamesAreOfBothPaddings() {
    Map<String, Shape> timm = new LinkedHashMap<>();
    shapes("efficientnet_b1", 1, "standard", "none")
        .forEach((n, s) -> timm.put(timmOfEfficientNet(n), s));
    assertTrue(timm.containsKey("blocks.6.1.conv_pwl.weight"), timm.toString());
    assertEquals(
        List.of("efficientnet_b1", "tf_efficientnet_b1"),
        Recognition.of(timm).stream().map(f -> f.config().name()).toList());
  }

  private static String timmOfEfficientNet(String name) {
    Matcher m =
        Pattern.compile("features\\.([1-7])\\.(\\d+)\\.block\\.(\\d\\.\\w+)(.*)").matcher(name);
    if (!m.matches()) {
      return name.replace("features.0.0", "conv_stem")
          .replace("features.0.1", "bn1")
          .replace("features.8.0", "conv_head")
          .replace("features.8.1", "bn2")
          .replace("classifier.1", "classifier");
    }
    int stage = Integer.parseInt(m.group(1)) - 1;
    String all =
        stage == 0
            ? "0.0 conv_dw 0.1 bn1 1.fc1 se.conv_reduce 1.fc2 se.conv_expand 2.0 conv_pw 2.1 bn2"
            : "0.0 conv_pw 0.1 bn1 1.0 conv_dw 1.1 bn2 2.fc1 se.conv_reduce 2.fc2 se.conv_expand"
                + " 3.0 conv_pwl 3.1 bn3";
    List<String> words = List.of(all.split(" "));
    String layer = words.get(words.indexOf(m.group(3)) + 1);
    return "blocks." + stage + "." + m.group(2) + "." + layer + m.group(4);
  }

  @Test
  void thinNetworksThatAreTheSameAreAllNamed() {
    assertEquals(
        List.of("efficientnet_b1", "efficientnet_b2"),
        Recognition.of(shapes("efficientnet_b1", 0.125, "standard", "none")).stream()
            .map(f -> f.config().name())
            .toList());
  }

  @Test
  void whatIsNearANetworkIsSaidAndTheRestIsNone() {
    Map<String, Shape> shapes = shapes("resnet50", 0.25, "standard", "none");
    refused(with(shapes, "layer3.6.conv1.weight", Shape.of(64, 1, 1, 1)), "[3, 4, 7, 3]");
    refused(with(shapes, "layer1.0.conv2.weight", Shape.of(16, 1, 3, 3)), "ResNeXt");
    refused(with(shapes, "layer1.0.conv1.weight", Shape.of(32, 16, 1, 1)), "wider");
    refused(with(shapes, "layer1.0.se.fc1.weight", Shape.of(1, 1)), "a part 'se'");
    refused(with(shapes, "conv1.weight", Shape.of(16, 3, 5, 5)), "7x7 or 3x3");
    refused(with(shapes, "conv1.weight", Shape.of(3)), "7x7 or 3x3");
    refused(with(shapes, "conv1.weight", Shape.of(16, 4, 7, 7)), "1 channel or 3, not 4");
    refused(with(shapes, "fc.weight", Shape.of(Long.MAX_VALUE, 1)), "between 1 and");
    assertEquals(List.of(), Recognition.of(Map.of()));
    assertEquals(List.of(), Recognition.of(Map.of("features.0.weight", Shape.of(64, 3, 3, 3))));
    assertEquals(List.of(), Recognition.of(Map.of("conv1.weight", Shape.of(64, 3, 7, 7))));
  }

  private static Map<String, Shape> with(Map<String, Shape> shapes, String name, Shape shape) {
    Map<String, Shape> out = new LinkedHashMap<>(shapes);
    out.put(name, shape);
    return out;
  }

  private static void refused(Map<String, Shape> shapes, String why) {
    UserError e = assertThrows(UserError.class, () -> Recognition.of(shapes));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  /** As timm 1.0's {@code convnext_tiny().state_dict()} has them. */
  private static String timm(String name) {
    Matcher m = Pattern.compile("features\\.(\\d)\\.(\\d+)\\.(.+)").matcher(name);
    if (!m.matches()) {
      return name.replace("classifier.0", "head.norm").replace("classifier.2", "head.fc");
    }
    int place = Integer.parseInt(m.group(1));
    String inner = m.group(3);
    if (place == 0) {
      return "stem." + m.group(2) + "." + inner;
    }
    String stage = "stages." + place / 2 + ".";
    return place % 2 == 0
        ? stage + "downsample." + m.group(2) + "." + inner
        : stage
            + "blocks."
            + m.group(2)
            + "."
            + inner
                .replace("layer_scale", "gamma")
                .replace("block.0.", "conv_dw.")
                .replace("block.2.", "norm.")
                .replace("block.3.", "mlp.fc1.")
                .replace("block.5.", "mlp.fc2.");
  }

  @Test
  void timmsNamesOfAConvNextAreTakenAndItsScalesHaveOneExtent() {
    Map<String, Shape> shapes = shapes("convnext_tiny", 0.125, "standard", "none");
    Map<String, HostTensor> file = new LinkedHashMap<>();
    shapes.forEach(
        (n, s) ->
            file.put(
                timm(n),
                HostTensor.zeros(DType.F32, n.endsWith("layer_scale") ? Shape.of(s.dim(0)) : s)));
    Map<String, Shape> theirs = new LinkedHashMap<>();
    file.forEach((n, t) -> theirs.put(n, t.shape()));
    assertTrue(theirs.containsKey("stages.1.downsample.0.weight"), theirs.toString());
    Recognition.Found found = Recognition.of(theirs).getFirst();
    assertEquals("convnext_tiny", found.config().name());
    assertFalse(found.others().haveDoubles(), "no other network has the same names");
    StateMapping mapping =
        StateMapping.of(shapes, file, found.config().classifier(), Models.otherNames());
    assertEquals(shapes.keySet(), mapping.loaded().keySet());
    mapping.loaded().forEach((n, t) -> assertEquals(shapes.get(n), t.shape(), n));
    mapping.requireSameModel("they");
  }
}
