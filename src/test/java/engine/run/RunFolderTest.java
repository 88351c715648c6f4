package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a run: its name, and what of it a program may touch. */
final class RunFolderTest {
  @TempDir Path temp;

  @Test
  void manyRunsAtOnceGetAFolderEach() {
    Set<Path> claimed = ConcurrentHashMap.newKeySet();
    Path wanted = temp.resolve("runs/demo-resnet18");
    IntStream.range(0, 40)
        .parallel()
        .forEach(_ -> assertTrue(claimed.add(RunFolder.claim(wanted).root())));
    assertTrue(claimed.contains(wanted));
    assertTrue(claimed.contains(temp.resolve("runs/demo-resnet18-40")), claimed.toString());
  }

  @Test
  void aFolderThatNothingWasWrittenIntoIsGivenBack() throws IOException {
    RunFolder unused = RunFolder.claim(temp.resolve("run"));
    unused.lock().close();
    unused.release();
    assertFalse(Files.exists(unused.root()));
    RunFolder used = RunFolder.claim(temp.resolve("run"));
    assertEquals(unused.root(), used.root());
    Files.writeString(used.root().resolve("notes"), "of a user");
    used.release();
    assertTrue(Files.exists(used.root().resolve("notes")));
  }

  @Test
  void soIsTheFolderOfRunsIfItWasMadeForIt() throws IOException {
    Path runs = temp.resolve("runs");
    RunFolder first = RunFolder.claim(runs.resolve("run"));
    RunFolder second = RunFolder.claim(runs.resolve("run"));
    first.release();
    assertTrue(Files.exists(second.root()));
    second.release();
    assertTrue(Files.exists(runs), "it was there when the second one came");
    Files.delete(runs);
    RunFolder.claim(runs.resolve("run")).release();
    assertFalse(Files.exists(runs));
  }
}
