package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no memory holds is refused in a sentence, at once, with what would fit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AbsurdSizesTest {
  private static final int MOST = Integer.MAX_VALUE;

  @TempDir static Path temp;
  private Path data;

  @BeforeAll
  void draw() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 10, 16, "a", "b");
  }

  private static void assertRefused(String said, List<Object> line) {
    List<Object> all = new ArrayList<>(line);
    all.addAll(List.of("--device", "cpu"));
    // On a busy machine; alone it takes a moment.
    CliRun run = assertTimeout(Duration.ofSeconds(60), () -> CliRun.of(all.toArray()));
    assertEquals(1, run.code(), run::toString);
    assertTrue(run.err().matches("(?s)engine: [^\\n]*" + said + "[^\\n]*\\n"), run.err());
    assertFalse(run.err().contains("inside the engine"), run.err());
    assertFalse(run.err().contains("heap"), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench infer",
        "bench infer --precision int8",
        "bench train",
        "bench conv",
        "inspect memory",
        "inspect tape"
      })
  void batches(String command) {
    for (int batch : new int[] {1_000_000, MOST}) {
      List<Object> line = new ArrayList<>(List.of(command.split(" ")));
      line.addAll(List.of("--batch", batch));
      assertRefused("a batch of .* pictures of 224x224 needs at least .* should fit", line);
    }
  }

  @Test
  void pictures() {
    // 20 pictures of 4096x4096 fit no machine of today's in a ResNet-101.
    for (String command : new String[] {"train", "find-lr"}) {
      Path out = temp.resolve(command);
      List<Object> line = new ArrayList<>(List.of(command, "--data", data, "--batch", 16));
      line.addAll(List.of("--image-size", 4096, "--model", "resnet101", "--width", 2));
      line.addAll(command.equals("train") ? List.of("--out", out) : List.of());
      assertRefused("(a batch of 16|not even one) picture.* of 4096x4096 .*", line);
      assertFalse(Files.exists(out));
    }
  }

  @Test
  void widths() {
    List<Object> line = new ArrayList<>(List.of("bench", "infer", "--model", "resnet101"));
    line.addAll(List.of("--width", 16, "--image-size", 32));
    assertRefused("weights and .* use a smaller --width or --model", line);
  }

  @Test
  void threads() {
    for (int threads : new int[] {0, 1_000_000, MOST}) {
      CliRun.of("bench", "infer", "--threads", threads).assertWrongUsage("--threads must be");
    }
  }

  @Test
  void aBatchLargerThanTheDataIsAllOfIt() {
    Path run = temp.resolve("run");
    Object[] train = {
      "train",
      "--data",
      data,
      "--out",
      run,
      "--model",
      "resnet18",
      "--width",
      0.0625,
      "--image-size",
      16,
      "--epochs",
      1,
      "--batch",
      MOST,
      "--json",
      "--workers",
      0,
      "--limit-train",
      MOST,
      "--limit-val",
      MOST
    };
    CliRun.of(train).assertSucceeds();
    CliRun.of("eval", "--checkpoint", run, "--data", data, "--batch", 65536, "--json")
        .assertSucceeds();
    CliRun.of("predict", "--checkpoint", run, data, "--batch", 65536).assertSucceeds();
  }
}
