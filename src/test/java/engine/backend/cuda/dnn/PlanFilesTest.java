package engine.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept comes back whole or not at all. */
final class PlanFilesTest {
  private static final String QUESTION = "cuDNN 92400, a GPU: conv[3x3]";
  private static final String PLAN = "{\"kernel\":\"AAAA\",\n\"engine\":4}";

  @TempDir private Path folder;
  private PlanFiles files;
  private Path file;

  @BeforeEach
  void keepOne() throws IOException {
    files = PlanFiles.in(folder.resolve("plans"));
    files.write(QUESTION, PLAN);
    file = only();
  }

  private Path only() throws IOException {
    try (var all = Files.list(folder.resolve("plans"))) {
      List<Path> list = all.toList();
      assertEquals(1, list.size(), "nothing but the plan: " + list);
      return list.getFirst();
    }
  }

  @Test
  void aPlanIsReadByItsQuestionAlone() {
    assertEquals(Optional.of(PLAN), files.read(QUESTION));
    assertEquals(Optional.empty(), files.read(QUESTION + " "));
    assertEquals(Optional.empty(), PlanFiles.none().read(QUESTION));
  }

  @Test
  void damageIsPassedOverAndMendedByTheNextWrite() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      Files.write(file, flipped);
      assertEquals(Optional.empty(), files.read(QUESTION), "byte " + i);
    }
    for (String other : List.of("", "engine plan, format 1", "engine plan, format 1\n\n")) {
      Files.writeString(file, other);
      assertEquals(Optional.empty(), files.read(QUESTION), other);
    }
    files.write(QUESTION, PLAN);
    assertEquals(Optional.of(PLAN), files.read(QUESTION));
  }

  @Test
  void aFileOfAnotherQuestionIsPassedOver() throws IOException {
    PlanFiles elsewhere = PlanFiles.in(folder.resolve("elsewhere"));
    elsewhere.write("another question", PLAN);
    try (var all = Files.list(folder.resolve("elsewhere"))) {
      Files.write(file, Files.readAllBytes(all.findFirst().orElseThrow()));
    }
    assertEquals(Optional.empty(), files.read(QUESTION));
  }

  @Test
  void whereNothingCanBeWrittenNothingFails() {
    PlanFiles nowhere = PlanFiles.in(file.resolve("a file is no folder"));
    nowhere.write(QUESTION, PLAN);
    assertEquals(Optional.empty(), nowhere.read(QUESTION));
  }

  @Test
  void manyWritersLeaveOneOfTheirPlansAndReadersSeeNoHalfOfOne() throws Exception {
    String large = "x".repeat(200_000);
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> pending = new ArrayList<>();
      for (int writer = 0; writer < 3; writer++) {
        String plan = writer + large;
        pending.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    files.write(QUESTION, plan);
                  }
                }));
      }
      for (int i = 0; i < 50; i++) {
        assertTrue(files.read(QUESTION).isPresent(), "a reader found a plan, whoever wrote it");
      }
      for (Future<?> f : pending) {
        f.get();
      }
    }
    assertEquals(file, only());
  }
}
