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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code engine labels}, and what is done with its list. */
final class LabelsCommandTest {
  @TempDir Path temp;
  private Path data;

  /** Dark and bright pictures, of which one of each is called the other. */
  @BeforeEach
  void draw() throws IOException {
    data = temp.resolve("data");
    for (int i = 0; i < 24; i++) {
      draw("dark", "%03d.png".formatted(i), i, i == 3);
      draw("bright", "%03d.png".formatted(i), 100 + i, i != 7);
    }
  }

  private void draw(String label, String name, int seed, boolean bright) throws IOException {
    Path folder = Files.createDirectories(data.resolve(label));
    TestPictures.write(folder.resolve(name), 8, 8, seed, bright ? 0x808080 : 0);
  }

  private static CliRun train(Object... more) {
    List<Object> line =
        new ArrayList<>(List.of("train", "--json", "--model", "resnet18", "--width", 0.0625));
    line.addAll(List.of("--image-size", 8, "--batch", 8, "--workers", 1, "--threads", 1));
    line.addAll(List.of("--augment", "none", "--dropout", 0, "--lr", 0.01));
    line.addAll(Arrays.asList(more));
    return CliRun.of(line.toArray());
  }

  private static JsonObject json(CliRun run) {
    assertEquals(0, run.code(), run::toString);
    return JsonParser.parseString(run.out().lines().toList().getLast()).getAsJsonObject();
  }

  @Test
  void foldsFindTheTwoThatAreCalledWronglyAndTheListLeavesThemOut() throws IOException {
    Path folds = temp.resolve("folds");
    assertEquals(0, train("--data", data, "--folds", 2, "--epochs", 6, "--out", folds).code());
    JsonObject found = json(CliRun.of("labels", folds, "--json"));
    assertEquals(48, found.get("samples").getAsInt());
    List<String> files = new ArrayList<>();
    found
        .getAsJsonArray("suspects")
        .forEach(s -> files.add(s.getAsJsonObject().get("file").getAsString()));
    assertTrue(files.contains(data.resolve("dark/003.png").toString()), files::toString);
    assertTrue(files.contains(data.resolve("bright/007.png").toString()), files::toString);
    assertTrue(Files.readString(folds.resolve("labels.html")).contains("dark, seen as bright"));
    CliRun.of("labels", folds).assertFails("is there already");

    Path list = temp.resolve("wrong.csv");
    Files.writeString(
        list,
        Files.readAllLines(folds.resolve("labels.csv")).stream()
                .filter(
                    l ->
                        l.startsWith("file,") || l.contains("dark/003") || l.contains("bright/007"))
                .reduce("", (a, b) -> a + b + "\n")
            + "dark/gone.png,dark,bright,1,0,-1\n");
    leaveOut(list);
  }

  private void leaveOut(Path list) throws IOException {
    Path run = temp.resolve("run");
    CliRun trained = train("--data", data, "--epochs", 1, "--out", run, "--exclude", list);
    assertEquals(0, trained.code(), trained::toString);
    assertTrue(trained.out().contains("2 pictures are left out, as " + list), trained.out());
    assertTrue(
        trained.out().contains("1 of the 3 names in " + list + " are none of the pictures"),
        trained.out());
    assertTrue(Files.readString(run.resolve("config.json")).contains(list.toString()));
    assertEquals(
        List.of("bright/007.png", "dark/003.png", "dark/gone.png"),
        Files.readAllLines(run.resolve("excluded.txt")).stream().sorted().toList());

    Files.delete(list);
    CliRun more = train("--resume", run, "--epochs", 2);
    assertEquals(0, more.code(), more::toString);
    assertTrue(more.out().contains("2 pictures are left out"), more.out());
    Path kept = run.resolve("excluded.txt");
    int held = json(CliRun.of("eval", "--checkpoint", run, "--json")).get("samples").getAsInt();
    int again =
        json(CliRun.of("eval", "--checkpoint", run, "--data", data, "--exclude", kept, "--json"))
            .get("samples")
            .getAsInt();
    assertEquals(held, again);
    Path int8 = temp.resolve("int8");
    CliRun made = CliRun.of("quantize", "--checkpoint", run, "--out", int8, "--json");
    assertEquals(0, made.code(), made::toString);
    CliRun judged = CliRun.of("eval", "--checkpoint", int8.resolve("ptq"), "--json");
    assertEquals(held, json(judged).get("samples").getAsInt());
  }

  @Test
  void evalLeavesOutWhatAListNames() throws IOException {
    Path run = temp.resolve("run");
    assertEquals(0, train("--data", data, "--epochs", 1, "--out", run).code());
    Path other = temp.resolve("other");
    for (String c : List.of("dark", "bright")) {
      TestPictures.write(Files.createDirectories(other.resolve(c)).resolve("1.png"), 8, 8, 1, 0);
      TestPictures.write(other.resolve(c).resolve("2.png"), 8, 8, 2, 0);
    }
    Path list = temp.resolve("list.txt");
    Files.writeString(list, "dark/1.png\n");
    CliRun r = CliRun.of("eval", "--checkpoint", run, "--data", other, "--exclude", list, "--json");
    assertEquals(3, json(r).get("samples").getAsInt());
  }

  @Test
  void validationPicturesThatAreTrainedOnAreCountedBeforeTraining() throws IOException {
    Path split = temp.resolve("split");
    for (String c : List.of("dark", "bright")) {
      for (int i = 0; i < 8; i++) {
        Path from = data.resolve(c).resolve("%03d.png".formatted(i));
        Path to = Files.createDirectories(split.resolve(i < 5 ? "train" : "val").resolve(c));
        Files.copy(from, to.resolve(from.getFileName()));
      }
    }
    CliRun clean = train("--data", split, "--epochs", 1, "--out", temp.resolve("clean"));
    assertFalse(clean.out().contains("trained on, too"), clean.out());
    Files.copy(split.resolve("train/dark/001.png"), split.resolve("val/dark/other name.png"));
    CliRun leaking = train("--data", split, "--epochs", 1, "--out", temp.resolve("leaking"));
    assertTrue(
        leaking.out().contains("1 of the 7 validation pictures is trained on, too, such as"),
        leaking.out());
  }

  @Test
  void whatIsNoRunIsSaid() {
    CliRun.of("labels").assertWrongUsage("RUN");
    CliRun.of("labels", temp.resolve("none")).assertFails("there is no run");
    CliRun.of("labels", temp, "--out", temp.resolve("a.txt")).assertWrongUsage("must end in .csv");
  }
}
