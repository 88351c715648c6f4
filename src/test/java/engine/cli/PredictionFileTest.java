package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.FileNames;
import engine.base.UserError;
import engine.infer.Predictor;
import engine.infer.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file of answers holds after a process was killed at any byte, and what it refuses. */
final class PredictionFileTest {
  private static final List<Path> PICTURES =
      List.of(
          Path.of("a.jpg"),
          Path.of("with, comma.jpg"),
          Path.of("\"quoted\".jpg"),
          Path.of("line\nend.jpg"),
          Path.of("картина.jpg"),
          FileNames.path("caf\udce9/na\udcefve.jpg"),
          Path.of("last.jpg"));

  @TempDir Path folder;

  private static PredictionFormat format(String kind, int voters) {
    List<String> classes = List.of("cat", "dog, wet");
    return kind.equals("csv")
        ? new CsvPredictions(classes, 2, voters)
        : new JsonPredictions(classes, 2, voters);
  }

  private static AnswerOrigin origin(String kind, String digit, int models) {
    List<AnswerOrigin.Model> all = new ArrayList<>();
    for (int i = 0; i < models; i++) {
      all.add(new AnswerOrigin.Model("runs/x", digit.repeat(64), 1.0 / models));
    }
    return new AnswerOrigin(kind, 2, all, "soft", "fp32");
  }

  private static Predictor.Answer right(Path picture) {
    return new Predictor.Answer(
        picture, new Vote.Verdict(new double[] {0.25, 0.75}, new int[] {1, 0}, 1), null);
  }

  private static Predictor.Answer answer(Path picture) {
    boolean bad = picture.toString().startsWith("line");
    return bad ? new Predictor.Answer(picture, null, "it is damaged, \"quite\"") : right(picture);
  }

  private static PredictionFile open(Path file, String kind) throws IOException {
    return new PredictionFile(file, format(kind, 1), origin(kind, "a", 1), false);
  }

  private static void goOn(Path file, String kind) throws IOException {
    try (PredictionFile out = open(file, kind)) {
      out.append(PICTURES.stream().filter(out::wants).map(PredictionFileTest::answer).toList());
      assertEquals(1, out.failed());
      out.finish();
    }
  }

  private static Path mark(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".engine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void cutAtAnyByteItIsCompletedToTheSameBytes(String kind) throws IOException {
    Path file = folder.resolve("answers." + kind);
    goOn(file, kind);
    byte[] whole = Files.readAllBytes(file);
    byte[] marked = Files.readAllBytes(mark(file));
    int header = new String(marked).indexOf('\n') + 1;
    for (int bytes = 0; bytes <= whole.length; bytes++) {
      Files.write(file, Arrays.copyOf(whole, bytes));
      Files.write(mark(file), Arrays.copyOf(marked, Math.max(header, marked.length - bytes)));
      goOn(file, kind);
      assertEquals(new String(whole), Files.readString(file), "after a cut to " + bytes + " bytes");
    }
  }

  @Test
  void csvQuotesWhatHasToBeQuoted() throws IOException {
    Path file = folder.resolve("a.csv");
    goOn(file, "csv");
    assertEquals(
        List.of(
            "file,class_1,probability_1,class_2,probability_2,error",
            "a.jpg,\"dog, wet\",0.75,cat,0.25,",
            "\"with, comma.jpg\",\"dog, wet\",0.75,cat,0.25,",
            "\"\"\"quoted\"\".jpg\",\"dog, wet\",0.75,cat,0.25,",
            "file:line%0Aend.jpg,,,,,\"it is damaged, \"\"quite\"\"\"",
            "картина.jpg,\"dog, wet\",0.75,cat,0.25,",
            "file:caf%E9/na%EFve.jpg,\"dog, wet\",0.75,cat,0.25,",
            "last.jpg,\"dog, wet\",0.75,cat,0.25,"),
        Files.readAllLines(file));
  }

  @Test
  void aSpreadsheetTakesNoCellForAFormula() throws IOException {
    List<String> starts = List.of("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "''=", "a");
    List<String> classes = starts.stream().map(s -> s + "HYPERLINK(\"x\")").toList();
    CsvPredictions csv = new CsvPredictions(classes, classes.size(), 1);
    int[] order = new int[classes.size()];
    Arrays.setAll(order, i -> i);
    var verdict = new Vote.Verdict(new double[classes.size()], order, 1);
    Set<String> names = new HashSet<>();
    for (String s : starts) {
      Path picture = Path.of(s + "x");
      String record = csv.record(new Predictor.Answer(picture, verdict, null)).stripTrailing();
      for (String cell : record.split(",")) {
        String plain = cell.startsWith("\"") ? cell.substring(1) : cell;
        assertTrue(plain.isEmpty() || "=+-@\t\r\n\uff1d".indexOf(plain.charAt(0)) < 0, record);
      }
      assertEquals(new PredictionFormat.Said(csv.name(picture), false), csv.said(record));
      assertTrue(names.add(csv.name(picture)), "no two files have the same name");
    }
    String failed = csv.record(new Predictor.Answer(Path.of("x"), null, "=cmd|' /C calc'!A0"));
    assertTrue(failed.endsWith(",'=cmd|' /C calc'!A0\n"), failed);
  }

  @Test
  void whatLooksLikeAnEscapedNameIsEscapedItself() {
    PredictionFormat csv = format("csv", 1);
    assertEquals("file:file%3Aa%25E9", csv.name(Path.of("file:a%E9")));
    assertEquals("a%E9", csv.name(Path.of("a%E9")));
    assertEquals("file:a%1B%5B2J", csv.name(Path.of("a\u001b[2J")));
    assertEquals("file:%E2%80%AEgpj.exe", csv.name(Path.of("\u202egpj.exe")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void answersOfAnotherOriginAreNotMixedIn(String kind) throws IOException {
    Path file = folder.resolve("a." + kind);
    goOn(file, kind);
    byte[] before = Files.readAllBytes(file);
    AnswerOrigin own = origin(kind, "a", 1);
    List<AnswerOrigin> others =
        List.of(
            origin(kind, "b", 1),
            origin(kind, "a", 2),
            new AnswerOrigin(kind, 3, own.models(), "soft", "fp32"),
            new AnswerOrigin(kind, 2, own.models(), "soft", "bf16"));
    for (AnswerOrigin other : others) {
      for (boolean adopt : new boolean[] {false, true}) {
        UserError e =
            assertThrows(
                UserError.class, () -> new PredictionFile(file, format(kind, 1), other, adopt));
        assertTrue(e.getMessage().contains("give another --out, or remove it"), e.getMessage());
      }
    }
    // A vote of one is no vote.
    try (PredictionFile same =
        new PredictionFile(
            file,
            format(kind, 1),
            new AnswerOrigin(kind, 2, own.models(), "hard", "fp32"),
            false)) {
      assertEquals(PICTURES.size() - 1, same.kept());
    }
    AnswerOrigin two = origin(kind, "a", 2);
    String votes = new AnswerOrigin(kind, 2, two.models(), "hard", "fp32").difference(two);
    assertEquals("was begun with --vote soft, not hard", votes);
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void answersOfNoKnownOriginAreTakenOnlyWhenTold(String kind) throws IOException {
    Path file = folder.resolve("a." + kind);
    goOn(file, kind);
    byte[] before = Files.readAllBytes(file);
    Files.delete(mark(file));
    for (String damaged : new String[] {null, "", "x", "{}\n", "[1]\n", "{\"models\":[]}\n"}) {
      if (damaged != null) {
        Files.writeString(mark(file), damaged);
      }
      UserError e = assertThrows(UserError.class, () -> open(file, kind));
      assertTrue(e.getMessage().contains("--adopt"), e.getMessage());
    }
    for (int i = 0; i < 2; i++) {
      try (PredictionFile out =
          new PredictionFile(file, format(kind, 1), origin(kind, "a", 1), i == 0)) {
        assertEquals(PICTURES.size() - 1, out.kept());
        List<Path> again = PICTURES.stream().filter(out::wants).toList();
        assertEquals(List.of(Path.of("line\nend.jpg")), again, "the failed one");
        out.append(List.of(answer(again.getFirst())));
      }
    }
    goOn(file, kind);
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no line end",
        "file",
        "a,b\n1,2\n",
        "file,class_1,probability_1,error\n",
        "[{\"file\":\"a.jpg\"}]",
        "{\"file\":\"a.jpg\"}\n",
        "{\"name\":1}\n",
        "\n",
        "\u0000\u0000",
      })
  void aFileThatSomethingElseWroteIsLeftAsItIs(String content) throws IOException {
    for (String kind : new String[] {"csv", "jsonl"}) {
      Path file = folder.resolve("a." + kind);
      Files.writeString(file, content);
      assertThrows(UserError.class, () -> open(file, kind), kind);
      assertEquals(content, Files.readString(file));
      assertFalse(Files.exists(mark(file)));
      assertThrows(
          UserError.class,
          () -> new PredictionFile(file, format(kind, 1), origin(kind, "a", 1), true));
      assertEquals(content, Files.readString(file));
    }
    // In the place of a file of answers, whose mark is still there.
    for (String kind : new String[] {"csv", "jsonl"}) {
      Path file = folder.resolve("b." + kind);
      goOn(file, kind);
      Files.writeString(file, content);
      if (!format(kind, 1).beginning().startsWith(content)) {
        assertThrows(UserError.class, () -> open(file, kind), kind);
        assertEquals(content, Files.readString(file));
      }
    }
  }

  @Test
  void aLineHasAnEnd() throws IOException {
    for (String kind : new String[] {"csv", "jsonl"}) {
      Path file = folder.resolve("long." + kind);
      byte[] zeros = new byte[AnswerRecords.LONGEST + 2];
      Files.write(file, zeros);
      UserError e = assertThrows(UserError.class, () -> open(file, kind));
      assertTrue(e.getMessage().contains("MiB, which is no answer"), e.getMessage());
      assertEquals(zeros.length, Files.size(file));
    }
  }

  @Test
  void onlyAnOrdinaryFileIsWrittenTo() throws Exception {
    Path fifo = folder.resolve("fifo.csv");
    List<Path> others = new ArrayList<>(List.of(folder, Path.of("/dev/null")));
    Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
    assertEquals(0, made.waitFor(), "mkfifo");
    others.add(fifo);
    others.add(Files.createSymbolicLink(folder.resolve("link.csv"), fifo));
    for (Path p : others) {
      assertThrows(UserError.class, () -> open(p, "csv"), p.toString());
    }
    Path link = Files.createSymbolicLink(folder.resolve("new.csv"), folder.resolve("real.csv"));
    goOn(link, "csv");
    goOn(link, "csv");
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.exists(mark(folder.resolve("real.csv"))));
    Files.delete(mark(folder.resolve("real.csv")));
    Path victim = Files.writeString(folder.resolve("victim"), "mine");
    Files.delete(folder.resolve("real.csv"));
    Files.createSymbolicLink(mark(folder.resolve("real.csv")), victim);
    assertThrows(UserError.class, () -> goOn(link, "csv"));
    assertEquals("mine", Files.readString(victim));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void aPictureThatChangedOrFailedIsAnsweredAgainInItsPlace(String kind) throws IOException {
    Path file = folder.resolve("a." + kind);
    List<Path> pictures = new ArrayList<>();
    for (String name : List.of("1", "line", "3", "4", "5", "6")) {
      pictures.add(Files.writeString(folder.resolve(name + ".jpg"), name));
    }
    Path bad = pictures.get(1);
    try (PredictionFile out = open(file, kind)) {
      pictures.forEach(p -> assertTrue(out.wants(p)));
      assertFalse(out.wants(bad), "asked already");
      List<Predictor.Answer> answers = new ArrayList<>();
      pictures.forEach(
          p -> answers.add(p.equals(bad) ? new Predictor.Answer(p, null, "damaged") : right(p)));
      out.append(answers);
      assertEquals(1, out.failed());
      out.finish();
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.writeString(pictures.get(3), "longer");
    Files.setLastModifiedTime(pictures.get(4), FileTime.fromMillis(1));
    Files.delete(pictures.get(5));
    List<Path> changed = List.of(bad, pictures.get(3), pictures.get(4));
    try (PredictionFile out = open(file, kind)) {
      assertEquals(1, out.failed());
      assertEquals(changed, pictures.subList(0, 5).stream().filter(out::wants).toList());
      var other = new Vote.Verdict(new double[] {1, 0}, new int[] {0, 1}, 1);
      out.append(changed.stream().map(p -> new Predictor.Answer(p, other, null)).toList());
      assertEquals(0, out.failed());
      // Killed here, both answers are there, and the later ones hold.
      try (PredictionFile locked = open(folder.resolve("b." + kind), kind)) {
        assertEquals(0, locked.kept());
      }
      out.finish();
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    if (kind.equals("csv")) {
      lines.removeFirst();
    }
    assertEquals(6, lines.size());
    for (int i = 0; i < 6; i++) {
      assertTrue(lines.get(i).contains(pictures.get(i).toString()), lines.get(i));
      assertEquals(List.of(1, 3, 4).contains(i), lines.get(i).contains("1.0"), lines.get(i));
    }
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (PredictionFile out = open(file, kind)) {
      assertEquals(List.of(), pictures.subList(0, 5).stream().filter(out::wants).toList());
    }
    try (var all = Files.list(folder)) {
      assertFalse(all.anyMatch(p -> p.toString().endsWith(".tmp")));
    }
  }

  @Test
  void killedBeforeItIsTidyTheLaterAnswerHolds() throws IOException {
    Path file = folder.resolve("a.jsonl");
    Path picture = Files.writeString(folder.resolve("1.jpg"), "1");
    for (String content : List.of("1", "22", "333")) {
      Files.writeString(picture, content);
      try (PredictionFile out = open(file, "jsonl")) {
        assertTrue(out.wants(picture));
        var v = new Vote.Verdict(new double[] {0, content.length()}, new int[] {1, 0}, 1);
        out.append(List.of(new Predictor.Answer(picture, v, null)));
      }
    }
    assertEquals(3, Files.readAllLines(file).size());
    try (PredictionFile out = open(file, "jsonl")) {
      assertEquals(1, out.kept());
      assertFalse(out.wants(picture));
      out.finish();
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("3.0"), lines.getFirst());
  }

  @Test
  void whatMayNotBeWrittenIsSaid() throws IOException {
    Path file = folder.resolve("a.csv");
    goOn(file, "csv");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Assumptions.assumeFalse(Files.isWritable(file), "the superuser may write everything");
    assertThrows(java.nio.file.AccessDeniedException.class, () -> open(file, "csv"));
  }

  @Test
  void twoProcessesDoNotWriteOneFile() throws IOException {
    Path file = folder.resolve("a.jsonl");
    try (PredictionFile first = open(file, "jsonl")) {
      UserError e = assertThrows(UserError.class, () -> open(file, "jsonl"));
      assertTrue(e.getMessage().contains("another process"), e.getMessage());
      assertEquals(0, first.kept());
    }
  }
}
