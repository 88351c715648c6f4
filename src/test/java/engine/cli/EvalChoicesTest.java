package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code eval} judges, and what it writes of every picture. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EvalChoicesTest {
  @TempDir static Path temp;
  private Path data;
  private Path run;
  private Path table;

  @BeforeAll
  void train() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 10, 8, "=cat", "dog");
    run = temp.resolve("run");
    train(data, run);
    StringBuilder rows = new StringBuilder("file,label,split\n");
    for (String c : List.of("=cat", "dog")) {
      for (int i = 0; i < 10; i++) {
        rows.append(
            "%s/%03d.png,%s,%s\n".formatted(c, i, c, i < 6 ? "train" : i < 8 ? "val" : "test"));
      }
    }
    table = Files.writeString(data.resolve("labels.csv"), rows);
  }

  private static void train(Path on, Path out) {
    CliRun.of(
            "train",
            "--json",
            "--data",
            on,
            "--out",
            out,
            "--model",
            "resnet18",
            "--width",
            0.0625,
            "--image-size",
            8,
            "--batch",
            8,
            "--epochs",
            1,
            "--workers",
            1,
            "--threads",
            1)
        .assertSucceeds();
  }

  private CliRun eval(Object... more) {
    List<Object> line = new ArrayList<>(List.of("eval", "--checkpoint", run, "--threads", 1));
    line.addAll(List.of(more));
    return CliRun.of(line.toArray());
  }

  /** Of an evaluation that succeeds: its JSON, with what it said to people in {@code "said"}. */
  private JsonObject figures(Object... more) {
    List<Object> line = new ArrayList<>(List.of(more));
    line.add("--json");
    CliRun[] ran = new CliRun[1];
    String said = HeldOutCommandTest.errorsOf(() -> ran[0] = eval(line.toArray()));
    assertEquals(0, ran[0].code(), ran[0]::toString);
    JsonObject o = JsonParser.parseString(ran[0].out()).getAsJsonObject();
    o.addProperty("said", said + ran[0].err());
    return o;
  }

  private static int samples(JsonObject o) {
    return o.get("samples").getAsInt();
  }

  private static String said(JsonObject o) {
    return o.get("said").getAsString();
  }

  @Test
  void theTrainSideIsJudgedWithAWarning() {
    JsonObject o = figures("--split", "train");
    assertEquals(16, samples(o));
    assertTrue(said(o).contains("the run was trained on all of these 16 pictures"), said(o));
    o = figures("--split", "train", "--data", data);
    assertEquals(16, samples(o), "typed again");
    assertTrue(said(o).contains("the run was trained on all of these 16 pictures"), said(o));
    o = figures("--split", "val", "--data", data);
    assertEquals(4, samples(o));
    assertTrue(said(o).contains("16 of the 20 pictures in " + data + " are left out"), said(o));
    assertFalse(said(figures()).contains("trained on all"));
  }

  @Test
  void aTableOfTheSamePicturesKnowsWhatTheRunWasTrainedOn() throws IOException {
    Path other = Files.createDirectories(temp.resolve("elsewhere")).resolve("t.csv");
    Path cat = data.resolve("=cat");
    Files.writeString(other, "file,label\n%s/000.png,=cat\n%s/001.png,=cat\n".formatted(cat, cat));
    JsonObject before = figures("--data", data, "--out", temp.resolve("held.jsonl"));
    String held = Files.readString(temp.resolve("held.jsonl"));
    int trained = (held.contains("=cat/000.png") ? 0 : 1) + (held.contains("=cat/001.png") ? 0 : 1);
    if (trained < 2) {
      JsonObject o = figures("--data", other);
      assertEquals(2 - trained, samples(o));
      assertTrue(trained == 0 || said(o).contains("1 of the 2 pictures"), said(o));
    } else {
      eval("--data", other).assertFails("the run was trained on all 2 pictures");
    }
    assertEquals(4, samples(before));
  }

  @Test
  void aTableIsTrainedOnAndJudgedBySide() throws IOException {
    Path of = temp.resolve("of-table");
    train(table, of);
    String config = Files.readString(of.resolve("config.json"));
    assertTrue(config.contains("labels.csv"), config);
    CliRun r = CliRun.of("eval", "--checkpoint", of, "--json", "--threads", 1);
    assertEquals(4, samples(JsonParser.parseString(r.assertSucceeds().out()).getAsJsonObject()));
    r = CliRun.of("eval", "--checkpoint", of, "--split", "test", "--json", "--threads", 1);
    assertEquals(4, samples(JsonParser.parseString(r.assertSucceeds().out()).getAsJsonObject()));
    r = CliRun.of("eval", "--checkpoint", of, "--data", data, "--json", "--threads", 1);
    assertEquals(
        8,
        samples(JsonParser.parseString(r.assertSucceeds().out()).getAsJsonObject()),
        "the folder less the twelve that the table's run was trained on");
    CliRun.of("train", "--resume", of, "--json", "--threads", 1).assertSucceeds();
  }

  @Test
  void fewerPicturesAreJudged() {
    assertEquals(2, samples(figures("--limit-val", 2)));
    assertEquals(6, samples(figures("--limit-val", 6, "--split", "train")));
    eval("--limit-val", -1).assertWrongUsage("--limit-val must be 0 or more, not -1");
    eval("--split", "trian").assertWrongUsage("--split must be train, val or test, not 'trian'");
  }

  @Test
  void classesAreNamedInJsonWithTheConfusions() {
    JsonObject o = figures();
    assertEquals("[\"=cat\",\"dog\"]", o.get("classes").toString());
    assertEquals(
        "dog", o.getAsJsonArray("per_class").get(1).getAsJsonObject().get("class").getAsString());
    JsonArray confusion = o.getAsJsonArray("confusion");
    int sum = 0;
    for (int t = 0; t < 2; t++) {
      for (int p = 0; p < 2; p++) {
        sum += confusion.get(t).getAsJsonArray().get(p).getAsInt();
      }
    }
    assertEquals(4, sum);
  }

  @Test
  void everyPictureHasARow() throws IOException {
    Path csv = temp.resolve("new/answers.csv");
    double right = figures("--out", csv).get("accuracy").getAsDouble() * 4;
    List<String> rows = Files.readAllLines(csv);
    assertEquals(
        "file,truth,predicted,probability,probability_=cat,probability_dog,error", rows.get(0));
    assertEquals(5, rows.size());
    for (String row : rows.subList(1, 5)) {
      String[] cells = row.split(",", -1);
      assertEquals(7, cells.length, row);
      assertTrue(cells[1].equals("'=cat") || cells[1].equals("dog"), "no formula: " + row);
      right -= cells[1].equals(cells[2]) ? 1 : 0;
      double sum = Double.parseDouble(cells[4]) + Double.parseDouble(cells[5]);
      assertEquals(1, sum, 1e-5, row);
      assertEquals(cells[2].equals("dog") ? cells[5] : cells[4], cells[3], row);
    }
    assertEquals(0, right, "as accurate as it says");
    eval("--out", csv, "--top", 1).assertSucceeds(); // over its own file
    assertEquals(
        "file,truth,predicted,probability,class_1,probability_1,error",
        Files.readAllLines(csv).getFirst());
    Path tsv = temp.resolve("answers.TSV");
    figures("--out", tsv, "--checkpoint", run, "--tta", "flip");
    assertTrue(Files.readAllLines(tsv).getFirst().endsWith("\tagreement\terror"));
    Path jsonl = temp.resolve("answers.jsonl");
    figures("--out", jsonl);
    JsonObject first =
        JsonParser.parseString(Files.readAllLines(jsonl).getFirst()).getAsJsonObject();
    assertEquals(2, first.getAsJsonObject("probabilities").size());
  }

  @Test
  void noOtherFileIsWrittenOver() throws IOException {
    eval("--out", table).assertFails("was not written by eval");
    assertTrue(Files.readString(table).startsWith("file,label,split"), "untouched");
    eval("--out", temp.resolve("a.xlsx")).assertWrongUsage("--out writes comma-separated values");
    eval("--top", 3).assertWrongUsage("--top belongs to --out");
    eval("--out", temp).assertWrongUsage("is a folder");
  }

  @Test
  void aPictureThatCannotBeReadHasARowWithTheReason() throws IOException {
    Path some = TestPictures.folder(temp.resolve("some"), 3, 8, "dog");
    Files.writeString(some.resolve("dog/001.png"), "no PNG");
    Path out = temp.resolve("some.csv");
    figures("--data", some, "--out", out, "--allow-bad-images");
    List<String> rows = Files.readAllLines(out);
    assertEquals(4, rows.size());
    assertTrue(rows.get(3).contains("dog/001.png,dog,,,,,"), rows.get(3));
  }

  @Test
  void classesMayBeMissingAndOthersAreRefusedOrLeftOut() throws IOException {
    Path more = TestPictures.folder(temp.resolve("more"), 2, 9, "dog", "fox", "owl");
    CliRun r = eval("--data", more);
    r.assertFails("2 classes, 'fox' (2), 'owl' (2), that the checkpoint does not know");
    assertTrue(r.err().contains("--ignore-extra"), r.err());
    JsonObject o = figures("--data", more, "--ignore-extra");
    assertEquals(2, samples(o));
    assertTrue(said(o).contains("4 pictures are left out"), said(o));
    assertTrue(said(o).contains("no pictures of =cat (1 of 2 classes)"), said(o));
    Path none = TestPictures.folder(temp.resolve("none"), 2, 9, "fox", "owl");
    eval("--data", none, "--ignore-extra").assertFails("no class of " + none);
  }

  @Test
  void ofSeveralCheckpointsEachIsInATable() {
    JsonObject o = figures("--checkpoint", run);
    JsonArray alone = o.getAsJsonArray("alone");
    assertEquals(2, alone.size());
    assertEquals(run.toString(), alone.get(1).getAsJsonObject().get("checkpoint").getAsString());
    assertEquals(o.get("accuracy"), alone.get(0).getAsJsonObject().get("accuracy"));
    assertEquals(
        o.get("log_loss").getAsDouble(),
        alone.get(0).getAsJsonObject().get("log_loss").getAsDouble(),
        1e-5);
  }
}
