package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.train.Predictor;
import engine.train.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file of answers holds after a process was killed at any byte. */
final class PredictionFileTest {
  private static final List<Path> PICTURES =
      List.of(
          Path.of("a.jpg"),
          Path.of("with, comma.jpg"),
          Path.of("\"quoted\".jpg"),
          Path.of("line\nend.jpg"),
          Path.of("картина.jpg"),
          Path.of("last.jpg"));

  @TempDir Path folder;

  private static PredictionFormat format(String kind, int voters) {
    List<String> classes = List.of("cat", "dog, wet");
    return kind.equals("csv")
        ? new CsvPredictions(classes, 2, voters)
        : new JsonPredictions(classes, 2, voters);
  }

  private static String record(PredictionFormat f, Path picture) {
    boolean bad = picture.toString().startsWith("line");
    return f.record(
        bad
            ? new Predictor.Answer(picture, null, "it is damaged, \"quite\"")
            : new Predictor.Answer(
                picture, new Vote.Verdict(new double[] {0.25, 0.75}, new int[] {1, 0}, 1), null));
  }

  private static void goOn(Path file, PredictionFormat f) throws IOException {
    try (PredictionFile out = new PredictionFile(file, f)) {
      out.append(PICTURES.stream().filter(p -> !out.has(p)).map(p -> record(f, p)).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl"})
  void cutAtAnyByteItIsCompletedToTheSameBytes(String kind) throws IOException {
    PredictionFormat f = format(kind, 2);
    Path file = folder.resolve("answers." + kind);
    goOn(file, f);
    byte[] whole = Files.readAllBytes(file);
    for (int bytes = 0; bytes <= whole.length; bytes++) {
      Files.write(file, Arrays.copyOf(whole, bytes));
      goOn(file, f);
      assertEquals(new String(whole), Files.readString(file), "after a cut to " + bytes + " bytes");
    }
  }

  @Test
  void csvQuotesWhatHasToBeQuoted() throws IOException {
    Path file = folder.resolve("a.csv");
    goOn(file, format("csv", 1));
    List<String> lines = Files.readAllLines(file);
    assertEquals("file,class_1,probability_1,class_2,probability_2,error", lines.getFirst());
    assertEquals("a.jpg,\"dog, wet\",0.75,cat,0.25,", lines.get(1));
    assertEquals("\"with, comma.jpg\",\"dog, wet\",0.75,cat,0.25,", lines.get(2));
    assertEquals("\"\"\"quoted\"\".jpg\",\"dog, wet\",0.75,cat,0.25,", lines.get(3));
    assertEquals("\"line", lines.get(4));
    assertEquals("end.jpg\",,,,,\"it is damaged, \"\"quite\"\"\"", lines.get(5));
  }

  @Test
  void anotherKindOfFileIsNotWrittenTo() throws IOException {
    Path file = folder.resolve("a.csv");
    goOn(file, format("csv", 1));
    byte[] before = Files.readAllBytes(file);
    UserError columns =
        assertThrows(UserError.class, () -> new PredictionFile(file, format("csv", 2)));
    assertTrue(columns.getMessage().contains("give another --out"), columns.getMessage());
    UserError json =
        assertThrows(UserError.class, () -> new PredictionFile(file, format("jsonl", 1)));
    assertTrue(json.getMessage().contains("answer 1 of"), json.getMessage());
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(file)));
  }

  @Test
  void twoProcessesDoNotWriteOneFile() throws IOException {
    Path file = folder.resolve("a.jsonl");
    try (PredictionFile first = new PredictionFile(file, format("jsonl", 1))) {
      UserError e =
          assertThrows(UserError.class, () -> new PredictionFile(file, format("jsonl", 1)));
      assertTrue(e.getMessage().contains("another process"), e.getMessage());
      assertEquals(0, first.kept());
    }
  }
}
