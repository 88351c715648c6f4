package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataCommandTest {
  @TempDir Path folder;

  private Path pictures() throws IOException {
    Path root = TestPictures.folder(folder.resolve("photos"), 5, 64, "cat", "dog");
    Files.copy(root.resolve("cat/001.png"), root.resolve("dog/<b>again.png"));
    Files.writeString(root.resolve("dog/broken.jpg"), "no picture");
    return root;
  }

  @Test
  void saysWhatIsWrongAndShowsItOnAPage() throws IOException {
    Path page = folder.resolve("page.html");
    CliRun.of("data", pictures(), "--report", page, "--image-size", 224).assertSucceeds();
    String html = Files.readString(page);
    assertTrue(html.contains("In several classes"), html);
    assertTrue(html.contains("far smaller than 224 pixels</dt><dd>11<"), html);
    assertTrue(html.contains("cat/001.png"), html);
    assertTrue(html.contains("it is not a picture of a known format"), html);
    assertTrue(html.contains("dog/&lt;b&gt;again.png"));
    assertFalse(html.contains("<b>again"));
    assertFalse(html.contains("<script"));
  }

  @Test
  void theSameForMachines() throws IOException {
    String out = CliRun.of("data", pictures(), "--json").assertSucceeds().out();
    JsonObject o = JsonParser.parseString(out).getAsJsonObject();
    assertEquals(1, o.getAsJsonArray("groups").size());
    JsonObject g = o.getAsJsonArray("groups").get(0).getAsJsonObject();
    assertTrue(g.get("equal").getAsBoolean());
    assertEquals(1, o.getAsJsonArray("broken").size());
    JsonKeys.of("data").check(o);
  }

  @Test
  void wrongUsageIsSaid() {
    CliRun.of("data", "photos", "--val-fraction", 2)
        .assertWrongUsage("--val-fraction must be above 0 and below 1, not 2.0");
    CliRun.of("data", "photos", "--image-size", 0)
        .assertWrongUsage("--image-size must be between 1 and 8192, not 0");
    CliRun.of("data", folder.resolve("none")).assertFails("none");
  }
}
