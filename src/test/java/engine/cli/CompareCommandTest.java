package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.eval.ComparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CompareCommandTest {
  @TempDir static Path shared;
  private Path data;
  private Path a;
  private Path b;
  private Path otherSeed;

  @BeforeAll
  void trainThreeRuns() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 15, 8, "red", "green", "blue");
    a = train("a", data, "--lr", "1e-3");
    b = train("b", data, "--lr", "1e-9", "--mixup", 0.2);
    otherSeed = train("c", data, "--seed", 7);
  }

  private static Path train(String name, Path data, Object... more) {
    Path out = shared.resolve(name);
    List<Object> args = new ArrayList<>(List.of("train", "--json", "--data", data, "--out", out));
    args.addAll(List.of("--model", "resnet18", "--width", 0.0625, "--image-size", 8));
    args.addAll(List.of("--batch", 4, "--epochs", 3, "--workers", 1, "--threads", 1));
    args.addAll(List.of("--device", "cpu", "--val-fraction", 0.5));
    args.addAll(List.of(more));
    CliRun.of(args.toArray()).assertSucceeds();
    return out;
  }

  private static JsonObject compare(Object... args) {
    List<Object> all = new ArrayList<>(List.of("compare", "--json", "--device", "cpu"));
    all.addAll(List.of(args));
    CliRun run = CliRun.of(all.toArray());
    assertEquals(0, run.code(), run::toString);
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  @Test
  void settingsThatDifferAreListedAndNoOthers() {
    String settings = compare(a, b).get("settings").toString();
    assertEquals(
        "[{setting:lr,values:[0.001,1.0E-9]},{setting:regularization.mixup,values:[0.0,0.2]}]",
        settings.replace("\"", ""));
  }

  /** Figures of each run are those of eval, and the pictures are those on which they differ. */
  @Test
  void figuresArePairedOnTheSamePictures() throws IOException {
    JsonObject both = compare(a, b);
    JsonKeys.of("compare").check(both);
    JsonObject first = both.getAsJsonArray("figures").get(0).getAsJsonObject();
    JsonObject second = both.getAsJsonArray("figures").get(1).getAsJsonObject();
    JsonObject eval =
        JsonParser.parseString(
                CliRun.of("eval", "--json", "--checkpoint", b).assertSucceeds().out())
            .getAsJsonObject();
    assertEquals(eval.get("accuracy"), second.get("accuracy"));
    double difference = second.get("accuracy").getAsDouble() - first.get("accuracy").getAsDouble();
    assertEquals(difference, second.get("against_first").getAsDouble(), 1e-12);
    int samples = both.get("samples").getAsInt();
    int one = second.get("only_first_right").getAsInt();
    int other = second.get("only_this_right").getAsInt();
    assertEquals(difference * samples, other - one, 1e-6);
    assertEquals(one + other, both.getAsJsonArray("disputed").size());
    assertEquals(3, both.getAsJsonArray("per_class").size());
  }

  @Test
  void onlyPicturesThatNoRunHasSeenAreJudged() {
    JsonObject seeds = compare(a, otherSeed);
    int all = compare(a, b).get("samples").getAsInt();
    int common = seeds.get("samples").getAsInt();
    assertTrue(common > 0 && common < all, common + " of " + all);
    assertTrue(seeds.get("notes").toString().contains("pictures that all of them held out"));
  }

  @Test
  void aPageHasCurvesOverEachOtherAndPictures(@TempDir Path temp) throws IOException {
    Path page = temp.resolve("deep/compare.html");
    compare(a, b, otherSeed, "--out", page);
    String html = Files.readString(page);
    for (String part :
        List.of("Settings that differ", "Validation accuracy", "key third", "Recall by class")) {
      assertTrue(html.contains(part), part);
    }
    assertTrue(html.contains("data:image/jpeg"), "a picture that they do not agree on");
  }

  @Test
  void otherClassesLeaveSettingsAndCurves() throws IOException {
    Path animals = TestPictures.folder(shared.resolve("animals"), 4, 8, "cat", "dog");
    Path other = train("other", animals);
    JsonObject both = compare(a, other);
    assertTrue(both.get("notes").toString().contains("know other classes"), both.toString());
    assertFalse(both.has("figures"));
    assertTrue(both.get("settings").toString().contains("\"data\""));
  }

  @Test
  void theTerminalHasTables() {
    CliRun run = CliRun.of("compare", "--device", "cpu", a, b);
    assertEquals(0, run.code(), run::toString);
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    CliRun.of("compare", a).assertWrongUsage("name two or more");
    assertTrue(compare(a, a).get("notes").toString().contains("Their settings are the same"));
    CliRun.of("compare", a, b, "--out", "x.pdf").assertWrongUsage("writes an HTML page");
    CliRun.of("compare", a, shared.resolve("none")).assertFails("there is no checkpoint");
  }

  @Test
  void namesAreAsLongAsTellsThemApart() {
    assertEquals(
        List.of("a", "b"), ComparedRun.names(List.of(Path.of("runs/a"), Path.of("runs/b"))));
    assertEquals(List.of("x/a", "y/a"), ComparedRun.names(List.of(Path.of("x/a"), Path.of("y/a"))));
  }
}
