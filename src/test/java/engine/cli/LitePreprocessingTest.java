package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of an EfficientNet-Lite in files that say nothing of how pictures are prepared. */
final class LitePreprocessingTest {
  private static final Path TIMM =
      Path.of("src/test/resources/engine/golden/model/thin_efficientnet_lite0_weights.safetensors");
  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\.(\\d+)\\.(\\w+)\\.(.+)");
  private static final int[] DEPTHS = {1, 2, 2, 3, 3, 4, 1};

  @TempDir Path folder;

  private Path copy(boolean timm) throws IOException {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    WeightsFile.read(TIMM).tensors().forEach((n, t) -> out.put(timm ? n : renamed(n), t));
    Path file = folder.resolve(timm ? "tf_efficientnet_lite0.safetensors" : "lite.safetensors");
    SafeTensors.write(file, out, Map.of());
    return file;
  }

  /** By efficientnet_pytorch's names. */
  private static String renamed(String timm) {
    Matcher m = BLOCK.matcher(timm);
    if (!m.matches()) {
      return timm.replaceFirst("^bn1", "_bn0")
          .replaceFirst("^bn2", "_bn1")
          .replaceFirst("^conv_", "_conv_")
          .replaceFirst("^classifier", "_fc");
    }
    int stage = Integer.parseInt(m.group(1));
    int block = Integer.parseInt(m.group(2));
    for (int s = 0; s < stage; s++) {
      block += DEPTHS[s];
    }
    Map<String, String> layers =
        new HashMap<>(Map.of("conv_dw", "_depthwise_conv", "conv_pwl", "_project_conv"));
    layers.put("conv_pw", stage == 0 ? "_project_conv" : "_expand_conv");
    for (int i = 1; i <= 3; i++) {
      layers.put("bn" + i, "_bn" + (stage == 0 ? i : i - 1));
    }
    return "_blocks.%d.%s.%s".formatted(block, layers.get(m.group(3)), m.group(4));
  }

  private String said(Path weights) throws IOException {
    Path picture = TestPictures.write(folder.resolve("p.png"), 60, 50, 1, 0);
    CliRun run = CliRun.of("predict", "--weights", weights, "--image-size", 32, picture);
    assertEquals(0, run.code(), run::toString);
    return run.err();
  }

  @Test
  void itIsThatOfThePublishedWeightsWhichTheRunTakesOver() throws IOException {
    String said = said(copy(true));
    assertTrue(
        said.contains(
            "as the published weights of efficientnet_lite0 want it: the shorter side to 256 pixels (bicubic), 224x224 of the middle, their own mean"),
        said);
    assertEquals(
        "mean=0.5:0.5:0.5,std=0.5:0.5:0.5,interpolation=bicubic", preprocessing(copy(true)));
  }

  /** Their pixels are (v - 127) / 128. */
  @Test
  void filesByTheNamesOfEfficientnetPytorchHaveTensorFlowsMeanAndDeviation() throws IOException {
    assertTrue(said(copy(false)).contains("their own mean and deviation"));
    String text = preprocessing(copy(false));
    assertTrue(text.startsWith("mean=0.498") && text.contains("std=0.501"), text);
  }

  private String preprocessing(Path weights) throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 5, 32, "a", "b");
    Path run = folder.resolve("run-" + weights.getFileName());
    CliRun trained =
        CliRun.of(
            "train",
            "--json",
            "--data",
            data,
            "--weights",
            weights,
            "--image-size",
            32,
            "--epochs",
            1,
            "--batch",
            8,
            "--workers",
            1,
            "--threads",
            1,
            "--out",
            run);
    assertEquals(0, trained.code(), trained::toString);
    return JsonParser.parseString(Files.readString(run.resolve("config.json")))
        .getAsJsonObject()
        .get("preprocessing")
        .getAsString();
  }
}
