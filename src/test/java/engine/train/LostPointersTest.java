package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import engine.recipe.Recipe;
import engine.run.Checkpoint;
import engine.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that does not know where it stood loses nothing, and touches nothing of other people. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LostPointersTest {
  @TempDir static Path shared;
  private Recipe recipe;
  private Path interrupted;
  private Path whole;
  private Path run;

  /** 19 pictures are trained on: three batches an epoch, stopped in the third of three. */
  @BeforeAll
  void train() throws IOException {
    Path data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b");
    recipe = TinyRun.recipe(data);
    interrupted = shared.resolve("interrupted");
    TinyRun.run(recipe, interrupted, false, 0, 7);
    whole = shared.resolve("whole");
    TinyRun.run(recipe, whole);
  }

  @BeforeEach
  void copy() throws IOException {
    run = TinyRun.copy(interrupted, Files.createTempDirectory(shared, "run").resolve("run"));
  }

  @Test
  void withoutLastTheNewestCheckpointGoesOn() throws IOException {
    Files.delete(run.resolve("last"));
    TinyRun.Result r = TinyRun.resume(recipe, run);
    assertEquals(2, r.batches(), "the third epoch, less a batch");
    assertTrue(
        r.messages().stream().anyMatch(m -> m.startsWith("nothing says which checkpoint is")),
        r.messages().toString());
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void withoutEitherTheNewestCheckpointGoesOnAndTheBestIsFound() throws IOException {
    String best = Files.readString(run.resolve("best"));
    Files.delete(run.resolve("last"));
    Files.delete(run.resolve("best"));
    TinyRun.resume(recipe, run);
    assertTrue(Files.exists(run.resolve("checkpoints").resolve(best.strip())), "not pruned");
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void aDamagedNewestIsPassedOver() throws IOException {
    Path last = new RunFolder(run).last();
    Files.delete(run.resolve("last"));
    Files.write(last.resolve("optimizer.safetensors"), new byte[10]);
    TinyRun.resume(recipe, run);
    ResumeTest.assertSame(whole, run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "nowhere", "/", "../mine.txt"})
  void aLastThatIsALinkIsNone(String target) throws IOException {
    Path mine = Files.writeString(run.resolveSibling("mine.txt"), "epoch-0001");
    Files.delete(run.resolve("last"));
    Files.createSymbolicLink(run.resolve("last"), Path.of(target));
    assertEquals(2, TinyRun.resume(recipe, run).batches());
    assertEquals("epoch-0001", Files.readString(mine));
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void nothingIsWrittenThroughLinksOfAStranger() throws IOException {
    Path mine = Files.writeString(run.resolveSibling("mine.txt"), "of the user");
    for (String name :
        new String[] {
          "best",
          "metrics.jsonl.tmp",
          "report.html",
          "report.json",
          "report.png",
          "events.out.tfevents.1.x.2.0"
        }) {
      Files.deleteIfExists(run.resolve(name));
      Files.createSymbolicLink(run.resolve(name), mine);
    }
    TinyRun.resume(recipe, run);
    assertEquals("of the user", Files.readString(mine));
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void aListThatIsALinkIsNeitherTakenNorOverwritten() throws IOException {
    Path mine = Files.writeString(run.resolveSibling("mine.txt"), "of the user");
    Files.delete(run.resolve("pictures.tsv.gz"));
    Files.createSymbolicLink(run.resolve("pictures.tsv.gz"), mine);
    assertRefused(run.resolve("pictures.tsv.gz") + " is damaged");
    assertEquals("of the user", Files.readString(mine));
  }

  @Test
  void checkpointsElsewhereAreNeitherWrittenNorRemoved() throws IOException {
    Path elsewhere = TinyRun.copy(whole, run.resolveSibling("elsewhere")).resolve("checkpoints");
    long before = count(elsewhere);
    Path link = run.resolve("checkpoints/epoch-0001");
    Checkpoint.delete(link);
    Files.createSymbolicLink(link, elsewhere);
    assertRefused(link + " is a link");
    Path all = Files.createDirectories(run.resolveSibling("all"));
    Files.copy(run.resolve("config.json"), all.resolve("config.json"));
    Files.createSymbolicLink(all.resolve("checkpoints"), elsewhere);
    run = all;
    assertRefused(all.resolve("checkpoints") + " is a link");
    assertEquals(before, count(elsewhere));
  }

  @Test
  void aRunFolderThatIsALinkItselfIsTheUsersWish() throws IOException {
    Path link = Files.createSymbolicLink(run.resolveSibling("link"), run);
    TinyRun.resume(recipe, link);
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void whatTheRunDidNotWriteStays() throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    Path note = Files.writeString(checkpoints.resolve("notes.txt"), "of the user");
    Path copy = TinyRun.copy(new RunFolder(run).last(), checkpoints.resolve("keep this"));
    Path named = TinyRun.copy(new RunFolder(run).last(), checkpoints.resolve("epoch-0001-copy"));
    Path file = Files.writeString(checkpoints.resolve("epoch-0099"), "a file, not a folder");
    Path link = Files.createSymbolicLink(checkpoints.resolve("link"), whole);
    Path inside = Files.writeString(new RunFolder(run).last().resolve("thoughts.md"), "good");
    TinyRun.resume(recipe, run);
    for (Path p : List.of(note, copy, named, file, link, inside)) {
      assertTrue(Files.exists(p, LinkOption.NOFOLLOW_LINKS), p + " was removed");
    }
    assertFalse(Files.exists(inside.resolveSibling("model.safetensors")), "the run's own is gone");
    assertTrue(Files.exists(copy.resolve("model.safetensors")));
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void aCheckpointFindsItsPlaceBesideSomebodysFiles() throws IOException {
    Path target = Files.createDirectories(run.resolve("checkpoints/epoch-0003"));
    Path mine = Files.writeString(target.resolve("thoughts.md"), "good");
    TinyRun.resume(recipe, run);
    assertTrue(Files.exists(mine));
    ResumeTest.assertSame(whole, run);
  }

  @Test
  void aRunWithoutItsBestSaysSoAndEndsWell() throws IOException {
    Path best = new RunFolder(run).best();
    Path last = new RunFolder(run).last();
    assertFalse(best.equals(last));
    Checkpoint.delete(best);
    TinyRun.Result r = TinyRun.resume(recipe, run);
    assertTrue(
        r.messages().stream().anyMatch(m -> m.startsWith("warning: the best checkpoint, of epoch")),
        r.messages().toString());
    assertEquals("epoch-0003\n", Files.readString(run.resolve("best")));
  }

  @Test
  void aRunWhoseCheckpointsAreGoneIsNotBegunAnew() throws IOException {
    for (Path p : List.of(new RunFolder(run).last(), new RunFolder(run).best())) {
      Checkpoint.delete(p);
    }
    try (var all = Files.list(run.resolve("checkpoints"))) {
      for (Path p : all.toList()) {
        Checkpoint.delete(p);
      }
    }
    String metrics = Files.readString(run.resolve("metrics.jsonl"));
    assertRefused("no checkpoint of this run is left in " + run.resolve("checkpoints"));
    Files.delete(run.resolve("last"));
    Files.delete(run.resolve("best"));
    assertRefused("no checkpoint of this run is left in");
    assertEquals(metrics, Files.readString(run.resolve("metrics.jsonl")));
  }

  private void assertRefused(String part) {
    UserError e = assertThrows(UserError.class, () -> TinyRun.resume(recipe, run));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  private static long count(Path folder) throws IOException {
    try (var s = Files.walk(folder)) {
      return s.count();
    }
  }
}
