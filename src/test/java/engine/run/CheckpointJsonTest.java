package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.base.UserError;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON in and beside a checkpoint that was made to do harm. */
final class CheckpointJsonTest {
  static String[] bombs() {
    return new String[] {
      "[".repeat(1_000_000),
      "{\"a\":".repeat(200_000),
      "{\"depth\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
      "{\"depth\":" + "9".repeat(100_000) + "}",
      "{\"depth\":1e999999999}",
      "{\"depth\":18,\"depth\":50}",
      "{depth:18}",
      "null",
      "\"\"",
      ""
    };
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void metadataEndsInASentence(String bomb) {
    for (String key : new String[] {"model", "classes", "preprocessing"}) {
      Map<String, String> metadata =
          new HashMap<>(
              Map.of(
                  "model",
                  "{\"depth\":18,\"baseWidth\":8,\"inChannels\":3,\"classes\":1,\"dropout\":0}",
                  "classes",
                  "[\"a\"]",
                  "preprocessing",
                  "{}"));
      metadata.put(key, bomb);
      refused(() -> ModelInfo.fromMetadata(metadata, "file"));
    }
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void stateAndConfigEndInASentence(String bomb, @TempDir Path temp) throws IOException {
    refused(() -> TrainingState.parse(bomb, "state.json"));
    Path config = Files.writeString(temp.resolve("config.json"), bomb);
    refused(() -> Recipe.read(config));
  }

  private static void refused(Executable read) {
    String message = assertThrows(UserError.class, read).getMessage();
    assertEquals(1, message.lines().count(), message);
  }
}
