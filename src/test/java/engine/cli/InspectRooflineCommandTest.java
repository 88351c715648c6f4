package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code engine inspect roofline}, and the page that it wrote. */
final class InspectRooflineCommandTest {
  @Test
  void theCommittedPageIsWhatTheCommandPrints() throws IOException {
    CliRun run = CliRun.of("inspect", "roofline", "--gpu", "h100").assertSucceeds();
    assertEquals(
        Files.readString(Path.of("bench/gpu/ROOFLINE.md")),
        run.out(),
        "write it again: ./engine inspect roofline --gpu h100 > bench/gpu/ROOFLINE.md");
  }

  @Test
  void theFlopsAreThoseThatBenchCounts() {
    List<JsonObject> launches =
        CliRun.of("inspect", "roofline", "--batch", 8, "--image-size", 64, "--json")
            .assertSucceeds()
            .out()
            .lines()
            .map(l -> JsonParser.parseString(l).getAsJsonObject())
            .toList();
    // ResNet-50 has 4.09 billion multiplications a picture of 224 x 224, all but the last layer's
    // 2 million in proportion to the pixels.
    double forward = 0;
    for (JsonObject l : launches) {
      assertTrue(l.get("calculated").getAsBoolean());
      if (l.get("launch").getAsString().startsWith("conv forward")) {
        forward += l.get("times").getAsInt() * l.get("flops").getAsDouble();
      }
    }
    double expected = 8 * 2 * (4.089e9 - 2.048e6) * 64 * 64 / (224 * 224);
    assertEquals(1, forward / expected, 0.001);
  }

  @Test
  void whatCannotBeIsSaid() {
    CliRun.of("inspect", "roofline", "--gpu", "v100")
        .assertWrongUsage(
            "--gpu must be one of h200, h100, a100, l4, rtx4090, rtx3090, t4, orin, b200, not 'v100'");
    CliRun.of("inspect", "roofline", "--precision", "bf16")
        .assertWrongUsage("--precision must be fp16, tf32 or fp32, not 'bf16'");
    CliRun.of("inspect", "roofline", "--gpu", "t4", "--precision", "tf32")
        .assertFails("NVIDIA T4 has no TF32: use --precision fp16 or fp32");
  }
}
