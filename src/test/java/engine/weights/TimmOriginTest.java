package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimmOriginTest {
  private static final LayerNames TIMM = TimmEfficientNetNames.NAMES;
  private static final LayerNames PYTORCH =
      new EfficientNetPytorchNames(List.of(1, 2, 2, 3, 3, 4, 1), true);
  private static final String B0 = "efficientnet_b0";

  private static WeightsFile.Contents contents(
      Map<String, String> metadata, Map<String, Object> values) {
    return new WeightsFile.Contents(
        WeightsFile.Format.SAFETENSORS, null, List.of(), Map.of(), metadata, values, Map.of());
  }

  private static void refused(Path file, WeightsFile.Contents c, String why) {
    boolean resNet = file.toString().contains("resnet");
    refused(file, c, resNet ? null : TIMM, resNet ? "resnet50" : B0, why);
  }

  private static void refused(
      Path file, WeightsFile.Contents c, LayerNames names, String network, String why) {
    UserError e = assertThrows(UserError.class, () -> TimmOrigin.check(file, c, names, network));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "w/tf_efficientnet_b0.pth",
        "w/tf_efficientnet_b5_ns-6f26d0cf.pth",
        "w/my-TF_EfficientNet_b3.ns_jft_in1k.safetensors",
        "timm/tf_efficientnet_b7.aa_in1k/model.safetensors",
        "w/resnetblur50_84f4748f.pth",
        "w/resnetaa50.a1h_in1k.pth",
        "w/efficientnet_blur_b0.pth"
      })
  void aNameTellsANetworkThatComputesSomethingElse(String name) {
    refused(Path.of(name), contents(Map.of(), Map.of()), "its answers would be wrong here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "w/efficientnet_b0_ra-3dd342df.pth",
        "w/resnet50_a1_0-14fe96d1.pth",
        "w/resnet50-tf_lr.pth",
        "w/wtf_efficientnet_b0.pth",
        "runs/tf_efficientnet_b0/resnet50.pth",
        "runs/tf_efficientnet_b0/best.pth"
      })
  void otherNamesTellNothing(String name) {
    assertEquals(
        List.of(), TimmOrigin.check(Path.of(name), contents(Map.of(), Map.of()), null, B0));
  }

  @Test
  void aCheckpointSaysItsModelInSeveralPlaces() {
    Path file = Path.of("w/model_best.pth.tar");
    for (Map<String, Object> values :
        List.<Map<String, Object>>of(
            Map.of("arch", "tf_efficientnet_b0"),
            Map.of("args", Map.of("model", "tf_efficientnet_b0.in1k")),
            Map.of("hyper_parameters", Map.of("backbone", "timm/tf_efficientnet_b0")))) {
      refused(file, contents(Map.of(), values), "timm's tf_efficientnet_b0");
    }
    refused(file, contents(Map.of("architecture", "tf_efficientnet_b1"), Map.of()), "b1, as its");
  }

  @Test
  void whatAFileSaysOfItselfGoesBeforeWhatPeopleCallIt() {
    Path file = Path.of("tf_efficientnet_b0-or-not/tf_efficientnet_b0.pth");
    for (WeightsFile.Contents c :
        List.of(
            contents(Map.of(), Map.of("arch", "efficientnet_b0")),
            contents(Map.of("producer", "engine"), Map.of()))) {
      assertEquals(List.of(), TimmOrigin.check(file, c, TIMM, B0));
    }
  }

  @Test
  void aNameOfAnyLengthMakesAShortSentence() {
    Map<String, Object> values = Map.of("arch", "tf_efficientnet_" + "x".repeat(1_000_000));
    UserError e =
        assertThrows(
            UserError.class,
            () -> TimmOrigin.check(Path.of("w/x.pth"), contents(Map.of(), values), TIMM, B0));
    assertTrue(e.getMessage().length() < 400, e.getMessage());
  }

  @Test
  void theHubsDescriptionBesideAFileIsRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{\"architecture\": \"tf_efficientnet_b2\", \"num_classes\": 5}");
    refused(file, contents(Map.of(), Map.of()), "config.json beside it");
    Files.writeString(config, "{\"architecture\": \"efficientnet_b2\"}");
    assertEquals(List.of(), TimmOrigin.check(file, contents(Map.of(), Map.of()), TIMM, B0));
    Files.writeString(config, "{\"architecture\": [".repeat(1000));
    assertEquals(1, TimmOrigin.check(file, contents(Map.of(), Map.of()), TIMM, B0).size());
  }

  @ParameterizedTest
  @CsvSource({"efficientnet_b0, 0", "efficientnet_b1.ra4_e3600_r240_in1k, 0", "mine, 1", "'', 1"})
  void whereNothingTellsThatIsSaid(String arch, int lines) {
    List<String> said =
        TimmOrigin.check(
            Path.of("w/efficientnet_b0.pth"), contents(Map.of(), Map.of("arch", arch)), TIMM, B0);
    assertEquals(lines, said.size(), said.toString());
  }

  @Test
  void aNormOfAnotherEpsComputesTheSame() {
    float[] gamma = {1, -2, 0.5f};
    float[] variance = {0, 1e-4f, 3};
    Map<String, HostTensor> tensors =
        Map.of(
            "bn.weight", HostTensor.of(gamma, 3),
            "bn.running_var", HostTensor.of(variance, 3),
            "fc.weight", HostTensor.of(gamma, 3));
    Map<String, HostTensor> fitted = TimmOrigin.withEps(tensors, 1e-5, 1e-3);
    for (int i = 0; i < 3; i++) {
      double before = gamma[i] / Math.sqrt(variance[i] + 1e-5);
      double after = fitted.get("bn.weight").get(i) / Math.sqrt(variance[i] + 1e-3);
      assertEquals(before, after, 1e-6 * Math.abs(before));
    }
    assertEquals(tensors.get("fc.weight"), fitted.get("fc.weight"));
    assertEquals(tensors, TimmOrigin.withEps(tensors, 1e-5, 1e-5f));
  }

  @Test
  void itsOwnNetworkTakesWhatPadsAsTensorFlowDoes() {
    for (String file : List.of("w/tf_efficientnet_b0.pth", "timm/tf_efficientnet_b0.in1k/m.pth")) {
      WeightsFile.Contents silent = contents(Map.of(), Map.of());
      Path path = Path.of(file);
      assertEquals(List.of(), TimmOrigin.check(path, silent, TIMM, "tf_efficientnet_b0"));
      assertTrue(TimmOrigin.isTensorFlow(path, silent));
      refused(path, silent, TIMM, B0, "use --model tf_efficientnet_b0");
    }
    WeightsFile.Contents plain = contents(Map.of(), Map.of("arch", B0));
    Path misnamed = Path.of("w/tf_efficientnet_b0.pth");
    assertFalse(TimmOrigin.isTensorFlow(misnamed, plain));
    refused(misnamed, plain, TIMM, "tf_efficientnet_b0", "use --model efficientnet_b0");
    WeightsFile.Contents silent = contents(Map.of(), Map.of());
    assertEquals(1, TimmOrigin.check(Path.of("x.pth"), silent, TIMM, "tf_efficientnet_b0").size());
  }

  @Test
  void timmsOwnLiteThatPadsBothSidesAlikeIsRefused() {
    LayerNames lite = TimmEfficientNetNames.LITE;
    String network = "efficientnet_lite0";
    WeightsFile.Contents silent = contents(Map.of(), Map.of());
    for (String name :
        List.of("efficientnet_lite0_ra-37913777.pth", "efficientnet_lite0.ra_in1k/m.pth")) {
      refused(Path.of("w", name), silent, lite, network, "use timm's tf_efficientnet_lite0");
    }
    Map<String, Object> arch = Map.of("arch", network);
    refused(Path.of("w/x.pth"), contents(Map.of(), arch), lite, network, "pads both sides alike");
    Path theirs = Path.of("w/tf_efficientnet_lite0-0aa007d2.pth");
    assertEquals(List.of(), TimmOrigin.check(theirs, silent, lite, network));
  }

  @Test
  void namesOfALibraryThatAlwaysPadsAsTensorFlowTellTheNetwork() {
    WeightsFile.Contents silent = contents(Map.of(), Map.of());
    Path file = Path.of("w/efficientnet-b0-355c32eb.pth");
    refused(file, silent, PYTORCH, B0, "use --model tf_efficientnet_b0");
    assertEquals(List.of(), TimmOrigin.check(file, silent, PYTORCH, "tf_efficientnet_b0"));
    assertEquals(List.of(), TimmOrigin.check(file, silent, PYTORCH, "efficientnet_lite0"));
  }
}
