package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.base.UserError;
import engine.data.transform.TransformSpec;
import engine.infer.LoadedModel;
import engine.model.EfficientNetConfig;
import engine.model.Network;
import engine.model.NetworkConfig;
import engine.model.ResNetConfig;
import engine.recipe.Precision;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A description that a checkpoint carries is taken as it is, or refused by the key that is wrong.
 */
final class CheckpointMetadataTest {
  private static final ResNetConfig MODEL =
      new ResNetConfig(18, 4, 3, 2, ResNetConfig.Stem.SMALL, 0.3, false);
  private static final ModelInfo INFO =
      new ModelInfo(MODEL, List.of("a", "b"), TransformSpec.imageNetEval(32));

  @TempDir Path temp;

  private static String refused(Map<String, String> metadata) {
    String said =
        assertThrows(UserError.class, () -> ModelInfo.fromMetadata(metadata, "FILE")).getMessage();
    assertTrue(said.startsWith("FILE"), said);
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.length() < 500, said);
    return said;
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    assertEquals(INFO, ModelInfo.fromMetadata(INFO.toMetadata(), "FILE"));
    NetworkConfig other = new EfficientNetConfig(0, 0.25, 3, 2, 0.2, 0.2);
    ModelInfo info = new ModelInfo(other, INFO.classes(), INFO.preprocessing());
    assertEquals(info, ModelInfo.fromMetadata(info.toMetadata(), "FILE"));
  }

  @Test
  void aCheckpointFromBeforeThereWasAttentionHasNone() {
    Map<String, String> m = new HashMap<>(INFO.toMetadata());
    m.computeIfPresent("model", (_, json) -> json.replace(",\"attention\":\"NONE\"", ""));
    assertEquals(INFO, ModelInfo.fromMetadata(m, "FILE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model|\"SMALL\"|\"EVIL\"|'stem' must be STANDARD or SMALL, not \"EVIL\"",
        "model|\"SMALL\"|\"small\"|'stem' must be STANDARD or SMALL, not \"small\"",
        "model|\"SMALL\"|null|'stem' must be STANDARD or SMALL, not null",
        "model|,\"stem\":\"SMALL\"||'stem' is missing",
        "model|\"stem\"|\"stam\"|'stem' is missing",
        "model|{|{\"steam\":1,|there is no 'steam', only depth, baseWidth, ",
        "model|\"NONE\"|\"CBAM2\"|'attention' must be NONE or CBAM or CBAM_PAPER",
        "model|:18|:19|there is no resnet19",
        "model|:18|:\"18\"|'depth' must be a whole number",
        "model|:18|:18.5|'depth' must be a whole number, not 18.5",
        "model|Width\":4|Width\":1000000000|base width of a ResNet must be between 1 and 1024",
        "model|Width\":4|Width\":-4|base width of a ResNet must be between 1 and 1024",
        "model|Channels\":3|Channels\":4|a network sees 1 channel or 3, not 4",
        "model|Channels\":3|Channels\":1|makes pictures of 3 channels for a network of 1",
        "model|classes\":2|classes\":2000000000|between 1 and 1,000,000 classes",
        "model|classes\":2|classes\":3|names 2 classes for 3 outputs",
        "model|0.3|7|dropout",
        "model|false|0|'zeroInitResidual' must be true or false, not 0",
        "classes|\"b\"|\"a\"|it names the class 'a' twice",
        "classes|\"b\"|\"\"|one of its classes has no name",
        "classes|\"b\"|null|one of its classes has no name",
        "classes|\"b\"|7|one of its classes has no name",
        "preprocessing|\"crop\":32|\"crop\":1000000000|'crop' must be between 0 and 8192",
        "preprocessing|\"crop\":32|\"crop\":-1|-1",
        "preprocessing|\"resize\":36|\"resize\":100000|'resize' must be between 0 and 8192",
        "preprocessing|\"pad\":0|\"pad\":2000000000|'pad' must be between 0 and 8192",
        "preprocessing|\"pad\":0|\"pad\":\"0\"|'pad' must be a whole number",
        "preprocessing|bilinear|lanczos|'interpolation' must be nearest or bilinear or bicubic",
        "preprocessing|0.485|1e30|'mean' must be between -1000 and 1000",
        "preprocessing|0.485|1e60|deviations",
        "preprocessing|0.485|\"NaN\"|'mean' must be a list of numbers",
        "preprocessing|0.485|null|'mean' must be a list of numbers",
        "preprocessing|0.229|0|positive deviations",
        "preprocessing|0.229|1e-30|'std' between",
        "preprocessing|0.229,|``|means and as many deviations",
      })
  void whatIsWrongIsNamed(String entry, String from, String to, String said) {
    Map<String, String> m = new HashMap<>(INFO.toMetadata());
    String by = to == null ? "" : to;
    assertTrue(m.get(entry).contains(from), m.get(entry));
    m.computeIfPresent(entry, (_, json) -> json.replace(from, by));
    String message = refused(m);
    assertTrue(message.contains(said), message);
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedBeforeOneIsMade() throws IOException {
    Path file = temp.resolve("model.safetensors");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu());
        Network network = MODEL.create(TestDevices.cpu(), new SplittableRandom(1))) {
      Map<String, HostTensor> weights = network.stateDict(TestDevices.cpu());
      Map<String, String> metadata = new HashMap<>(INFO.toMetadata());
      // Of this width a network takes gigabytes.
      metadata.computeIfPresent(
          "model", (_, json) -> json.replace("\"baseWidth\":4", "\"baseWidth\":1024"));
      SafeTensors.write(file, weights, metadata);
      assertRefused(file, "conv1.weight is [4, 3, 3, 3], and [1024, 3, 3, 3] for the model");
      metadata = new HashMap<>(INFO.toMetadata());
      metadata.computeIfPresent("model", (_, json) -> json.replace("SMALL", "STANDARD"));
      SafeTensors.write(file, weights, metadata);
      assertRefused(file, "conv1.weight is [4, 3, 3, 3], and [4, 3, 7, 7] for the model");
      metadata = new HashMap<>(INFO.toMetadata());
      Map<String, HostTensor> more = new LinkedHashMap<>(weights);
      more.put("fc.weight", HostTensor.zeros(DType.F32, Shape.of(3, 32)));
      SafeTensors.write(file, more, metadata);
      assertRefused(file, "fc.weight is [3, 32], and [2, 32] for the model");
    }
  }

  private static void assertRefused(Path file, String what) {
    String said =
        assertThrows(
                UserError.class,
                () -> LoadedModel.load(TestDevices.cpu(), file, Precision.FP32).close())
            .getMessage();
    assertTrue(said.startsWith(file.toString()) && said.contains(what), said);
  }
}
