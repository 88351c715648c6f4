package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pictures {@code engine predict} is given, and what it makes of its answers. */
final class PredictInputsTest {
  private static final Path FILES = Path.of("src/test/resources/engine/weights");

  /** Answers "fir" with all but certainty. */
  private static final Path SURE = FILES.resolve("two_sets.pth");

  /** Is of ten minds. */
  private static final Path UNSURE = FILES.resolve("thin_resnet18.pth");

  @TempDir Path folder;

  @BeforeEach
  void draw() throws IOException {
    Files.createDirectories(folder.resolve("in/deep"));
    picture("in/a.png", 1);
    picture("in/b.png", 2);
    picture("in/.hidden.png", 3);
    picture("in/deep/a.png", 4);
    Files.writeString(folder.resolve("in/notes.txt"), "none");
  }

  private Path picture(String name, long seed) throws IOException {
    return TestPictures.write(folder.resolve(name), 40, 40, seed, 0);
  }

  private static CliRun predict(Path checkpoint, Object... options) {
    List<Object> line = new ArrayList<>(List.of("predict", "--checkpoint", checkpoint));
    line.addAll(List.of("--threads", 1, "--workers", 1));
    line.addAll(List.of(options));
    return CliRun.of(line.toArray());
  }

  private List<String> names(Object... options) {
    CliRun run = predict(SURE, options);
    assertEquals(0, run.code(), run::toString);
    return run.out()
        .lines()
        .map(l -> l.substring(0, l.indexOf("  ")).replace(folder + "/", ""))
        .toList();
  }

  private String in(String name) {
    return folder + "/" + name;
  }

  @Test
  void patternsThatTheShellLeftAreResolved() {
    assertEquals(List.of("in/a.png", "in/b.png"), names(in("in/*.png")));
    assertEquals(List.of("in/a.png", "in/deep/a.png"), names(in("in/**/a.png")));
    assertEquals(List.of("in/b.png"), names(in("i?/[b-z].png")));
    assertEquals(List.of("in/.hidden.png"), names(in("in/.h*")));
    assertEquals(List.of("in/deep/a.png"), names(in("in/d*")), "a folder, as of a shell");
    predict(SURE, in("in/*.gif")).assertFails("no file fits");
    predict(SURE, in("out/*.gif")).assertFails("there is no folder");
    predict(SURE, in("in/[")).assertFails("it is no pattern of names");
  }

  @Test
  void aFileWhoseNameLooksLikeAPatternIsAFile() throws IOException {
    picture("in/[a].png", 5);
    assertEquals(List.of("in/[a].png"), names(in("in/[a].png")));
  }

  @Test
  void aListNamesPictures() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "\ufeffin/b.png\r\n\r\n" + in("in/a.png") + "\n");
    assertEquals(List.of("in/b.png", "in/a.png"), names("--list", list));
    Files.writeString(list, in("in/b.png") + "\0" + in("in/a.png") + "\0");
    assertEquals(List.of("in/b.png", "in/a.png"), names("--list", list));
    Files.writeString(list, "in/b.png\nin/c.png\n");
    predict(SURE, "--list", list).assertFails("there is no file in/c.png, which line 2 of --list");
    Files.writeString(list, "\n");
    predict(SURE, "--list", list).assertFails("names no pictures");
    predict(SURE, "--list", folder.resolve("none")).assertFails("check --list");
    predict(SURE).assertWrongUsage("name pictures, a folder of them, or a --list");
    predict(SURE, "--list", "-", "-").assertWrongUsage("a picture or a --list, not both");
  }

  @Test
  void standardInputIsAPictureOrAList() throws IOException {
    InputStream before = System.in;
    try {
      System.setIn(Files.newInputStream(folder.resolve("in/a.png")));
      assertEquals(List.of("-"), names("-"));
      byte[] list = (in("in/b.png") + "\n").getBytes(StandardCharsets.UTF_8);
      System.setIn(new ByteArrayInputStream(list));
      assertEquals(List.of("in/b.png"), names("--list", "-"));
      System.setIn(InputStream.nullInputStream());
      predict(SURE, "-").assertFails("nothing came on standard input");
    } finally {
      System.setIn(before);
    }
    predict(SURE, "-", "--out", folder.resolve("x.csv")).assertWrongUsage("no name that --out");
  }

  @Test
  void anAddressAndAVideoAreToldWhatToDo() throws IOException {
    predict(SURE, "https://example.org/a.jpg?b=1")
        .assertFails("https://example.org/a.jpg?b=1 is an address, and only files are read: fetch");
    byte[] head = "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom".getBytes(StandardCharsets.ISO_8859_1);
    Path video = Files.write(folder.resolve("clip.mp4"), head);
    CliRun run = predict(SURE, video);
    assertEquals(1, run.code(), run::toString);
    assertTrue(run.err().contains("it is a video, which is not read; take pictures"), run.err());
  }

  @Test
  void viewsAreAveraged() throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve("in/a.png").toFile());
    BufferedImage mirrored = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 40; x++) {
        mirrored.setRGB(39 - x, y, image.getRGB(x, y));
      }
    }
    Path mirror = folder.resolve("m.png");
    ImageIO.write(mirrored, "png", mirror.toFile());
    double[] one = probabilities(in("in/a.png"), "--tta", "none");
    double[] other = probabilities(mirror.toString(), "--tta", "none");
    double[] mean = new double[10];
    for (int c = 0; c < 10; c++) {
      mean[c] = (one[c] + other[c]) / 2;
    }
    assertFalse(Arrays.equals(one, other));
    assertArrayEquals(mean, probabilities(in("in/a.png"), "--tta", "flip"), 1e-6);
  }

  private double[] probabilities(String picture, String... options) {
    List<Object> line = new ArrayList<>(List.of(picture, "--json", "--top", 10));
    line.addAll(List.of(options));
    CliRun run = predict(UNSURE, line.toArray());
    assertEquals(0, run.code(), run::toString);
    double[] out = new double[10];
    JsonObject o = JsonParser.parseString(run.out()).getAsJsonObject();
    for (JsonElement e : o.getAsJsonArray("top")) {
      JsonObject k = e.getAsJsonObject();
      out[k.get("class").getAsInt()] = k.get("probability").getAsDouble();
    }
    return out;
  }

  @Test
  void aThresholdLeavesOutWhatIsBelow() {
    CliRun run = predict(UNSURE, in("in/a.png"), "--threshold", 0.999);
    assertTrue(run.out().endsWith("a.png  unsure\n"), run::toString);
    run = predict(UNSURE, in("in/a.png"), "--threshold", 0.999, "--json");
    assertTrue(run.out().contains("\"top\":[]"), run::toString);
    run = predict(SURE, in("in/a.png"), "--threshold", 0.999);
    assertTrue(run.out().endsWith("a.png  fir 100.0 %\n"), run::toString);
    predict(SURE, in("in/a.png"), "--threshold", 1.5).assertWrongUsage("between 0 and 1");
  }

  @Test
  void copiesGoIntoFoldersOfTheirClassAndOverwriteNothing() throws IOException {
    Path to = folder.resolve("sorted");
    Path fir = Files.createDirectories(to.resolve("fir"));
    Files.writeString(fir.resolve("b.png"), "mine");
    for (int i = 0; i < 2; i++) {
      assertEquals(0, predict(SURE, in("in"), "--copy-into", to).code());
      assertEquals("mine", Files.readString(fir.resolve("b.png")));
      assertEquals(-1, Files.mismatch(folder.resolve("in/b.png"), fir.resolve("b-2.png")));
      assertEquals(-1, Files.mismatch(folder.resolve("in/a.png"), fir.resolve("a.png")));
      assertEquals(-1, Files.mismatch(folder.resolve("in/deep/a.png"), fir.resolve("a-2.png")));
      try (var all = Files.list(fir)) {
        assertEquals(4, all.count(), "the second time nothing is added");
      }
    }
    predict(UNSURE, in("in/a.png"), "--copy-into", to, "--threshold", 0.999);
    assertTrue(Files.exists(to.resolve("_unsure/a.png")));
    predict(SURE, in("in"), "--copy-into", in("in/sorted")).assertFails("which is read: choose");
  }

  @Test
  void noNameOfAClassLeadsOutOfTheFolder() {
    List<String> names =
        ClassFolders.names(
            List.of("../../etc", "a/b", "A\\B", "..", "", " x. ", "_unsure", "a\nb", "ok", "OK"));
    assertEquals("a_b", names.get(1));
    for (String n : names) {
      assertEquals(1, Path.of(n).getNameCount(), n);
      assertFalse(n.isBlank() || n.startsWith(".") || n.contains("/"), n);
    }
    assertEquals(
        names.size(), names.stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().count());
    assertEquals("ok", names.get(8));
    assertEquals("OK-2", names.get(9));
    assertEquals("_unsure-2", names.get(6));
    assertTrue(ClassFolders.names(List.of("ä".repeat(300))).getFirst().length() <= 80);
  }

  @Test
  void answersOfOtherOptionsAreNotMixedAndForceBeginsAnew() throws IOException {
    Path out = folder.resolve("answers.csv");
    assertEquals(0, predict(SURE, in("in"), "--out", out).code());
    CliRun other = predict(SURE, in("in"), "--out", out, "--state-dict", "model");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("not with --state-dict model"), other.err());
    assertTrue(Files.readString(out).contains(",fir,"));
    other = predict(SURE, in("in"), "--out", out, "--state-dict", "model", "--force");
    assertEquals(0, other.code(), other::toString);
    assertTrue(Files.readString(out).contains(",oak,") && !Files.readString(out).contains("\0"));
    Path mine = Files.writeString(folder.resolve("mine.csv"), "mine\n");
    assertEquals(1, predict(SURE, in("in"), "--out", mine, "--force").code());
    assertEquals("mine\n", Files.readString(mine));
    predict(SURE, in("in"), "--force").assertWrongUsage("--force goes with --out");
  }
}
