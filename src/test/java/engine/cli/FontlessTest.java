package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user without a home folder on a machine whose fontconfig knows no font. */
class FontlessTest {
  private static final List<String> TINY =
      List.of(
          "train --data demo:2 --epochs 1 --model resnet18 --width 0.125 --image-size 32 --batch 8 --limit-train 8 --limit-val 8 --threads 1"
              .split(" "));

  @TempDir Path folder;

  @Test
  void trainingEndsWellAndSaysWhatIsLeftOut() throws Exception {
    Path log = folder.resolve("log");
    Path fonts = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig/>");
    Map<String, String> environment =
        Map.of(
            "FONTCONFIG_FILE", fonts.toString(),
            "ENGINE_CACHE", folder.resolve("cache").toString(),
            // What Java says where neither the system nor HOME knows one.
            "JAVA_TOOL_OPTIONS", "-Duser.home=?");
    Path out = folder.resolve("run");
    List<String> command = new ArrayList<>(TINY);
    command.addAll(List.of("--out", out.toString()));
    Process p = EngineProcess.start(log, 512, environment, command);
    assertTrue(p.waitFor(3, TimeUnit.MINUTES), "it hangs");
    String text = Files.readString(log);
    assertEquals(0, p.exitValue(), text);
    assertTrue(text.contains("best validation accuracy"), text);
    assertTrue(Files.exists(out.resolve("report.html")));
    assertFalse(Files.exists(Path.of("?")), "Java's list of fonts made a folder named ?");
    assumeFalse(
        Files.exists(out.resolve("report.png")),
        "Java finds fonts here in folders of its own, also where fontconfig names none");
    assertTrue(text.contains("report.png is left out: Java finds no font"), text);
  }
}
