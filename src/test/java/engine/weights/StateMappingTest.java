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
  private static final List<LayerNames> NAMES = List.of(TimmEfficientNetNames.NAMES);

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
    StateMapping m = StateMapping.of(MODEL, file(prefix, 2, 4), "fc", NAMES);
    m.requireSameModel("test");
    assertEquals(prefix, m.prefix());
    assertEquals(4, m.loaded().size());
    assertEquals(List.of(), m.missing(), "an old file has no counters");
    assertNull(m.classifier());
  }

  @Test
  void aClassifierOfOtherClassesStartsAfreshAndThatIsSaid() {
    StateMapping m = StateMapping.of(MODEL, file("", 2, 1000), "fc", NAMES);
    m.requireSameModel("test");
    assertEquals(Set.of("conv1.weight", "bn1.weight"), m.loaded().keySet());
    assertTrue(m.lines().get(1).contains("fc starts afresh"), m.lines().toString());
  }

  @Test
  void whatHasNoPlaceAndWhatIsMissingIsListed() {
    Map<String, HostTensor> file = file("", 2, 4);
    file.put("head.extra", file.remove("bn1.weight"));
    StateMapping m = StateMapping.of(MODEL, file, "fc", NAMES);
    assertEquals(List.of("head.extra"), m.skipped());
    assertEquals(List.of("bn1.weight"), m.missing());
  }

  @Test
  void anotherWidthIsRefusedWithBothShapes() {
    StateMapping m = StateMapping.of(MODEL, file("", 8, 4), "fc", NAMES);
    String message = assertThrows(UserError.class, () -> m.requireSameModel("it")).getMessage();
    assertTrue(message.contains("[8, 3, 1, 1] there and [2, 3, 1, 1] here"), message);
  }

  @Test
  void anotherModelIsRefused() {
    Map<String, HostTensor> other = Map.of("stages.0.weight", HostTensor.of(new float[1], 1));
    StateMapping m = StateMapping.of(MODEL, other, "fc", NAMES);
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
    assertEquals(torchvision, TimmEfficientNetNames.NAMES.toTorchvision(timm));
  }

  @Test
  void aMissingBiasOfTheClassifierIsListed() {
    Map<String, HostTensor> file = file("", 2, 4);
    file.remove("fc.bias");
    Map<String, HostTensor> more = new LinkedHashMap<>(file);
    StateMapping m = StateMapping.of(MODEL, more, "fc", NAMES);
    assertEquals(List.of("fc.bias"), m.missing());
    assertNull(m.classifier(), "its weights are the file's");
    assertTrue(
        m.lines().contains("1 not in the file, so as initialised: fc.bias"), m.lines().toString());
  }

  @Test
  void aClassifierWithoutWeightsStartsAfreshAsAWhole() {
    Map<String, HostTensor> file = file("", 2, 4);
    file.remove("fc.weight");
    StateMapping m = StateMapping.of(MODEL, file, "fc", NAMES);
    assertEquals("fc", m.classifier());
    assertEquals(Set.of("conv1.weight", "bn1.weight"), m.loaded().keySet());
    assertEquals(List.of(), m.missing(), "that the classifier starts afresh says it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet.", "net.trunk.body.", "ema_model.module.", "0."})
  void wrappersMayHaveAnyName(String prefix) {
    Map<String, HostTensor> file = file(prefix, 2, 4);
    file.put("decoder.weight", HostTensor.of(new float[1], 1));
    StateMapping m = StateMapping.of(MODEL, file, "fc", NAMES);
    m.requireSameModel("it");
    assertEquals(prefix, m.prefix());
    assertEquals(List.of("decoder.weight"), m.skipped());
  }

  /** A network of so many blocks, each a convolution and, if asked for, a gate. */
  private static Map<String, HostTensor> blocks(int n, boolean gated) {
    Map<String, HostTensor> out = file("", 2, 4);
    for (int i = 0; i < n; i++) {
      out.put("layer1." + i + ".conv.weight", HostTensor.of(new float[4], 2, 2));
      if (gated) {
        out.put("layer1." + i + ".se.weight", HostTensor.of(new float[4], 2, 2));
      }
    }
    return out;
  }

  private static Map<String, Shape> shapes(Map<String, HostTensor> tensors) {
    Map<String, Shape> out = new LinkedHashMap<>();
    tensors.forEach((n, t) -> out.put(n, t.shape()));
    return out;
  }

  private static String refused(Map<String, HostTensor> model, Map<String, HostTensor> file) {
    StateMapping m = StateMapping.of(shapes(model), file, "fc", NAMES);
    return assertThrows(UserError.class, () -> m.requireSameModel("the weights")).getMessage();
  }

  @Test
  void aDeeperNetworkIsNotCutShort() {
    String message = refused(blocks(3, false), blocks(20, false));
    assertTrue(
        message.contains("another network, whose layer1.3.conv.weight, ")
            && message.contains(", and 9 more have no place"),
        message);
  }

  @Test
  void aShallowerNetworkDoesNotLeaveBlocksAsInitialised() {
    String message = refused(blocks(20, false), blocks(3, false));
    assertTrue(message.contains("only 7 of 24 tensors are there by name, without"), message);
    assertTrue(message.contains("layer1.3.conv.weight"), message);
  }

  @Test
  void aNetworkWithMoreInItsBlocksIsAnother() {
    assertTrue(refused(blocks(3, false), blocks(3, true)).contains("layer1.0.se.weight"));
  }

  @Test
  void attentionMayBeAddedToWeightsWithoutIt() {
    Map<String, HostTensor> model = blocks(6, false);
    for (int i = 0; i < 6; i++) {
      model.put("layer1." + i + ".cbam.fc.weight", HostTensor.of(new float[1], 1));
    }
    StateMapping m = StateMapping.of(shapes(model), blocks(6, false), "fc", NAMES);
    m.requireSameModel("it");
    assertEquals(6, m.missing().size());
  }

  @Test
  void aFileThatHasNothingOfTheNetworkIsRefusedWithWhatItHas() {
    Map<String, HostTensor> gpt = Map.of("h.0.attn\u001b[31m", HostTensor.of(new float[1], 1));
    String message = refused(blocks(3, false), gpt);
    assertTrue(message.contains("have nothing of this network: they have h.0.attn?[31m"), message);
    assertTrue(refused(blocks(3, false), Map.of()).contains("there is no tensor"));
  }

  @Test
  void shapesThatDifferAreListedWithACount() {
    Map<String, HostTensor> file = blocks(12, false);
    file.replaceAll((n, t) -> n.startsWith("layer1") ? HostTensor.of(new float[2], 2, 1) : t);
    String message = refused(blocks(12, false), file);
    assertTrue(message.contains("layer1.7.conv.weight is [2, 1] there and [2, 2] here"), message);
    assertTrue(message.contains(", and 4 more"), message);
  }
}
