package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.base.FileNames;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Votes of several checkpoints, and many pictures into one file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PredictTest {
  private static final int MANY = 2000;

  @TempDir static Path shared;
  private Path pictures;
  private Path one;
  private Path two;

  @BeforeAll
  void train() throws IOException {
    pictures = TestPictures.folder(shared.resolve("data"), 16, 24, "a", "b", "c");
    one = train(pictures, "one", "--seed", 1, "--image-size", 24);
    two = train(pictures, "two", "--seed", 2, "--image-size", 32);
  }

  private static Path train(Path data, String name, Object... options) {
    Path run = shared.resolve(name);
    List<Object> line = new ArrayList<>(List.of("train", "--data", data, "--out", run));
    line.addAll(List.of("--model", "resnet18", "--width", 0.125, "--batch", 8, "--epochs", 1));
    line.addAll(List.of("--json", "--workers", 0));
    line.addAll(List.of(options));
    CliRun.of(line.toArray()).assertSucceeds();
    return run;
  }

  private static List<JsonObject> predict(Object... options) {
    List<Object> line = new ArrayList<>(List.of("predict", "--json", "--top", 3));
    line.addAll(List.of(options));
    return CliRun.of(line.toArray())
        .assertSucceeds()
        .out()
        .lines()
        .map(l -> JsonParser.parseString(l).getAsJsonObject())
        .toList();
  }

  /** Probability by class of each answer. */
  private static List<Map<String, Double>> scores(List<JsonObject> answers) {
    List<Map<String, Double>> out = new ArrayList<>();
    for (JsonObject o : answers) {
      Map<String, Double> m = new HashMap<>();
      for (JsonElement k : o.getAsJsonArray("top")) {
        JsonObject c = k.getAsJsonObject();
        m.put(c.get("class").getAsString(), c.get("probability").getAsDouble());
      }
      out.add(m);
    }
    return out;
  }

  private static String best(JsonObject answer) {
    return answer.getAsJsonArray("top").get(0).getAsJsonObject().get("class").getAsString();
  }

  @Test
  void modelsOfDifferentSizesVoteByTheirWeights() {
    List<JsonObject> first = predict("--checkpoint", one, pictures);
    List<JsonObject> second = predict("--checkpoint", two, pictures);
    List<JsonObject> both =
        predict("--checkpoint", one, "--checkpoint", two, "--vote-weights", "3,1", pictures);
    assertEquals(48, both.size());
    assertFalse(first.getFirst().has("agreement"));
    int apart = 0;
    for (int i = 0; i < both.size(); i++) {
      assertEquals(first.get(i).get("file"), both.get(i).get("file"));
      for (String c : List.of("a", "b", "c")) {
        double expected = 0.75 * scores(first).get(i).get(c) + 0.25 * scores(second).get(i).get(c);
        assertEquals(expected, scores(both).get(i).get(c), 1e-5);
      }
      boolean agree = best(first.get(i)).equals(best(second.get(i)));
      apart += agree ? 0 : 1;
      assertEquals(agree ? 1 : 0.5, both.get(i).get("agreement").getAsDouble());
    }
    assertTrue(apart > 0, "two models that always agree show nothing");
  }

  @Test
  void aHardVoteIsTheMajority() {
    Object[] three = {"--checkpoint", one, "--checkpoint", one, "--checkpoint", two};
    List<JsonObject> first = predict("--checkpoint", one, pictures);
    List<Object> line = new ArrayList<>(List.of(three));
    line.addAll(List.of("--vote", "hard", pictures));
    List<JsonObject> voted = predict(line.toArray());
    for (int i = 0; i < voted.size(); i++) {
      assertEquals(best(first.get(i)), best(voted.get(i)), "two of three are the same model");
    }
  }

  @Test
  void anInt8CheckpointMayVote() {
    Path int8 = shared.resolve("int8");
    CliRun.of("quantize", "--checkpoint", one, "--mode", "ptq", "--out", int8, "--json")
        .assertSucceeds();
    Path quantized = int8.resolve("ptq");
    List<JsonObject> alone = predict("--checkpoint", quantized, pictures);
    List<JsonObject> both =
        predict("--checkpoint", two, "--checkpoint", quantized, "--vote-weights", "0,1", pictures);
    assertEquals(scores(alone), scores(both));
    JsonObject e =
        eval(
            "--checkpoint", one, "--checkpoint", quantized, "--image-size", 32, "--data", pictures);
    assertEquals(2, e.getAsJsonArray("accuracy_alone").size());
  }

  /** Three pictures, one of a name that is no UTF-8, and what is passed over. */
  private Path mixed(String name) throws IOException {
    Path folder = Files.createDirectories(shared.resolve(name));
    byte[] picture = Files.readAllBytes(pictures.resolve("a/000.png"));
    byte[] heic = "\0\0\0\u0018ftypheic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1);
    Files.createDirectories(folder.resolve("sub/deep"));
    Files.createDirectories(folder.resolve(".hidden"));
    for (String p : List.of("1.png", "sub/2.png", "sub/deep/caf\udce9.png", ".hidden/x.png")) {
      Files.write(FileNames.path(folder + "/" + p), picture);
    }
    for (String p : List.of("a.heic", "sub/b.HEIC", "sub/deep/caf\udce9.heic", ".c.heic")) {
      Files.write(FileNames.path(folder + "/" + p), heic);
    }
    Files.writeString(folder.resolve("sub/labels.csv"), "1.png,a");
    Files.writeString(folder.resolve("clip.mp4"), "\0\0\0\u0018ftypisom");
    return folder;
  }

  private static String passedOver(Path folder) {
    return "warning: 5 files in "
        + folder
        + " were passed over: 3 .heic, 1 .csv, 1 .mp4; a HEIC picture is not read: convert it to JPEG or PNG";
  }

  @Test
  void filesThatArePassedOverAreCountedAndNamed() throws IOException {
    Path folder = mixed("mixed");
    CliRun text = CliRun.of("predict", "--checkpoint", one, folder, folder.resolve("sub"));
    assertEquals("engine: " + passedOver(folder) + "\n", text.err());
    assertEquals(5, text.out().lines().count());
    assertEquals(0, text.code());

    CliRun json = CliRun.of("predict", "--checkpoint", one, "--json", folder, folder);
    assertEquals(text.err(), json.err());
    JsonObject last =
        JsonParser.parseString(json.out().lines().toList().getLast()).getAsJsonObject();
    assertEquals("message", last.get("event").getAsString());
    assertEquals(passedOver(folder), last.get("text").getAsString());
    assertEquals(6, json.out().lines().filter(l -> l.startsWith("{\"file\":")).count());

    for (String format : List.of("csv", "jsonl")) {
      CliRun records = CliRun.of("predict", "--checkpoint", one, "--format", format, folder);
      assertEquals(text.err(), records.err());
      assertFalse(records.out().contains("passed over"), "answers are all that there is");
    }
  }

  @Test
  void whatIsPassedOverIsSaidAgainWhenAFileOfAnswersGoesOn() throws IOException {
    Path folder = mixed("again");
    Path out = shared.resolve("again.jsonl");
    for (int run = 0; run < 2; run++) {
      CliRun again = CliRun.of("predict", "--checkpoint", one, "--json", "--out", out, folder);
      assertEquals(0, again.code());
      assertTrue(again.err().endsWith("engine: " + passedOver(folder) + "\n"), again.err());
      assertEquals(1, again.out().lines().count(), again.out());
      JsonObject event = JsonParser.parseString(again.out()).getAsJsonObject();
      assertEquals(passedOver(folder), event.get("text").getAsString());
      assertEquals(3, Files.readAllLines(out).size());
    }
  }

  @Test
  void aFolderWithoutPicturesIsSaidToHoldWhatItHolds() throws IOException {
    Path folder = mixed("none");
    for (String p : List.of("1.png", "sub/2.png", "sub/deep/caf\udce9.png")) {
      Files.delete(FileNames.path(folder + "/" + p));
    }
    String kinds =
        ", but 3 .heic, 1 .csv, 1 .mp4: name picture files or a folder of them; a HEIC picture is not read: convert it to JPEG or PNG";
    CliRun.of("predict", "--checkpoint", one, folder)
        .assertFails("there are no pictures in " + folder + kinds);
    CliRun.of("predict", "--checkpoint", one, "--json", folder, folder.resolve("sub/deep"))
        .assertFails("there are no pictures in 2 folders" + kinds);
    CliRun.of("predict", "--checkpoint", one, folder.resolve(".hidden/.."))
        .assertFails("/.., but 3 .heic");
    Path empty = Files.createDirectories(shared.resolve("empty"));
    CliRun.of("predict", "--checkpoint", one, empty)
        .assertFails(empty + ": name picture files or a folder of them");
    CliRun.of("train", "--data", folder.resolve("sub/deep"), "--out", shared.resolve("no"))
        .assertFails(
            "has no subfolders of pictures, but 1 .heic: put the pictures into one subfolder per class; a HEIC picture is not read");
  }

  private static JsonObject eval(Object... options) {
    List<Object> line = new ArrayList<>(List.of("eval", "--json"));
    line.addAll(List.of(options));
    String out = CliRun.of(line.toArray()).assertSucceeds().out();
    return JsonParser.parseString(out).getAsJsonObject();
  }

  @Test
  void anEvaluationOfAVoteSaysWhatEachDoesAlone() {
    double first = eval("--checkpoint", one, "--data", pictures).get("accuracy").getAsDouble();
    double second = eval("--checkpoint", two, "--data", pictures).get("accuracy").getAsDouble();
    JsonObject both =
        eval("--checkpoint", one, "--checkpoint", two, "--vote", "hard", "--data", pictures);
    JsonArray alone = both.getAsJsonArray("accuracy_alone");
    assertEquals(first, alone.get(0).getAsDouble(), 1e-12);
    assertEquals(second, alone.get(1).getAsDouble(), 1e-12);
    double agreement = both.get("agreement").getAsDouble();
    double unanimous = both.get("unanimous").getAsDouble();
    assertEquals(agreement, unanimous + (1 - unanimous) / 2, 1e-12, "of two models");
    double withItself =
        eval("--checkpoint", one, "--checkpoint", one, "--data", pictures)
            .get("accuracy")
            .getAsDouble();
    assertEquals(first, withItself, 1e-12);
  }

  @Test
  void anEvaluationOverMirrorImagesDoesNotSeeWhichIsWhich() throws IOException {
    Path mirrored = shared.resolve("mirrored");
    Path straight = shared.resolve("straight"); // of its own pictures a run is judged on a part
    for (String c : List.of("a", "b", "c")) {
      Files.createDirectories(mirrored.resolve(c));
      Files.createDirectories(straight.resolve(c));
      for (int i = 0; i < 16; i++) {
        String name = c + "/%03d.png".formatted(i);
        BufferedImage from = ImageIO.read(pictures.resolve(name).toFile());
        BufferedImage to = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
        to.createGraphics().drawImage(from, 24, 0, -24, 24, null);
        ImageIO.write(to, "png", mirrored.resolve(name).toFile());
        Files.copy(pictures.resolve(name), straight.resolve(name));
      }
    }
    for (String views : List.of("none", "flip")) {
      double of = logLoss(straight, views);
      double ofMirrored = logLoss(mirrored, views);
      if (views.equals("flip")) {
        assertEquals(of, ofMirrored, 1e-5);
      } else {
        assertNotEquals(of, ofMirrored, 1e-4);
      }
    }
  }

  private double logLoss(Path data, String views) {
    return eval("--checkpoint", two, "--data", data, "--tta", views).get("log_loss").getAsDouble();
  }

  @Test
  void whatCannotVoteIsRefused() throws IOException {
    Path data = TestPictures.folder(shared.resolve("others"), 8, 24, "a", "z");
    Path other = train(data, "other", "--image-size", 24);
    for (String command : new String[] {"predict", "eval"}) {
      List<Object> line =
          new ArrayList<>(List.of(command, "--checkpoint", one, "--checkpoint", other));
      if (command.equals("predict")) {
        line.add(pictures);
      }
      CliRun.of(line.toArray()).assertFails("models that vote need the same ones");
    }
    CliRun.of("predict", "--checkpoint", one, "--vote-weights", "1,2", pictures)
        .assertWrongUsage("2 weights do not fit 1 checkpoints");
    CliRun.of("predict", "--checkpoint", one, "--out", shared.resolve("x.txt"), pictures)
        .assertWrongUsage("ends neither in .jsonl nor in .csv");
  }

  @Test
  void killedInTheMiddleItGoesOnAndListsWhatItCannotRead() throws Exception {
    Path many = Files.createDirectories(shared.resolve("many"));
    byte[] picture = Files.readAllBytes(pictures.resolve("a/000.png"));
    for (int i = 0; i < MANY; i++) {
      Path folder = many.resolve("%02d".formatted(i / 500));
      Files.createDirectories(folder);
      Files.write(folder.resolve(i + ".png"), picture);
    }
    Files.writeString(many.resolve("01/bad.png"), "no picture");
    Path out = shared.resolve("answers.jsonl");
    for (int kill = 1; kill <= 2; kill++) {
      long from = Files.exists(out) ? Files.size(out) : 0;
      Process p = start(many, out);
      while (p.isAlive() && (!Files.exists(out) || Files.size(out) < from + 20_000)) {
        Thread.sleep(1);
      }
      assertTrue(p.isAlive(), () -> "it ended before it could be killed: " + log());
      p.destroyForcibly();
      assertTrue(p.waitFor(20, TimeUnit.SECONDS));
      Files.writeString(out, "{\"file\":\"torn", StandardOpenOption.APPEND);
    }
    long before = Files.size(out);
    Process last = start(many, out);
    assertTrue(last.waitFor(60, TimeUnit.SECONDS));
    assertEquals(1, last.exitValue(), log()); // there is an unreadable picture
    assertNotEquals(before, Files.size(out));

    List<JsonObject> answers =
        Files.readAllLines(out).stream()
            .map(l -> JsonParser.parseString(l).getAsJsonObject())
            .toList();
    List<String> files = answers.stream().map(o -> o.get("file").getAsString()).toList();
    assertEquals(MANY + 1, files.size());
    assertEquals(List.copyOf(new TreeSet<>(files)), files, "each once, in the order of the names");
    List<JsonObject> bad = answers.stream().filter(o -> o.has("error")).toList();
    assertEquals(1, bad.size());
    assertTrue(bad.getFirst().get("error").getAsString().startsWith("it is not a picture"));
  }

  private static String log() {
    try {
      return Files.readString(shared.resolve("predict.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Process start(Path many, Path out) throws IOException {
    int heap = 64; // a few batches, whatever the number of files
    List<String> command = new ArrayList<>();
    command.addAll(List.of("predict", "--checkpoint", one.toString(), "--out", out.toString()));
    command.addAll(List.of("--threads", "1", "--workers", "1", many.toString()));
    return EngineProcess.start(shared.resolve("predict.log"), heap, Map.of(), command);
  }
}
