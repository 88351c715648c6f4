package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import engine.data.Dataset;
import engine.infer.EvalData;
import engine.recipe.Recipe;
import engine.train.ResumeTest;
import engine.train.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is judged on what it held out, whatever has become of its folder since. */
final class HeldOutTest {
  @TempDir Path temp;
  private final List<String> said = new ArrayList<>();
  private Path data;
  private Path run;
  private Recipe recipe;
  private ModelInfo info;
  private Set<String> trained;
  private Set<String> held;

  @BeforeEach
  void begin() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 20, 8, "a", "b");
    run = temp.resolve("run");
    recipe = TinyRun.recipe(data, "epochs=1", "seed=7");
    TinyRun.run(recipe, run);
    var split = RunSetup.open(recipe, _ -> {});
    info = RunSetup.info(recipe, split);
    trained = names(split.train());
    held = names(split.val());
    assertEquals(8, held.size());
  }

  /** Which of a class's pictures are held out depends on how many there are. */
  private void addPictures() throws IOException {
    Files.copy(data.resolve("a/000.png"), data.resolve("a/extra.png"));
    Files.copy(data.resolve("b/000.png"), data.resolve("b/0005.png"));
    Set<String> anew = names(RunSetup.open(recipe, _ -> {}).val());
    assertTrue(anew.stream().anyMatch(trained::contains), "split anew it would mix them");
  }

  @Test
  void newPicturesChangeNothingAndAreCounted() throws IOException {
    assertEquals(held, names(open(null)));
    assertEquals(List.of(), said);
    addPictures();
    assertEquals(held, names(open(null)));
    assertEquals(1, said.size());
    assertTrue(
        said.getFirst().contains("have changed since the run began: 2 new (left out"),
        said.getFirst());
    assertEquals(held, names(RunSetup.openAsIn(run, recipe, said::add).val()));
    assertEquals(trained, names(RunSetup.openAsIn(run, recipe, said::add).train()));
  }

  @Test
  void picturesThatAreGoneOrOthersAreCounted() throws IOException {
    List<String> some = List.copyOf(held);
    Files.delete(data.resolve(some.get(0)));
    Files.delete(data.resolve(List.copyOf(trained).get(3)));
    Files.write(data.resolve(some.get(1)), new byte[] {1, 2, 3});
    Files.setLastModifiedTime(data.resolve(some.get(2)), FileTime.fromMillis(5_000_000));
    assertEquals(Set.copyOf(some.subList(1, 8)), names(open(null)));
    assertTrue(
        said.getFirst()
            .endsWith(
                "1 of those held out gone, 1 of those trained on gone, 2 of those held out with other contents"),
        said.getFirst());
    for (String name : some.subList(1, 8)) {
      Files.delete(data.resolve(name));
    }
    UserError e = assertThrows(UserError.class, () -> open(null));
    assertTrue(e.getMessage().startsWith("none of the pictures that the run held out is left in"));
  }

  @Test
  void theFolderTypedAgainLeavesOutWhatWasTrainedOn() throws IOException {
    addPictures();
    Set<String> untrained = new TreeSet<>(held);
    untrained.addAll(List.of("a/extra.png", "b/0005.png"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), data);
    Path relative = Path.of("").toAbsolutePath().relativize(data);
    for (String typed :
        new String[] {data.toString(), data + "/", link.toString(), relative.toString()}) {
      said.clear();
      Dataset d = open(typed);
      assertEquals(untrained, names(d, Path.of(typed)), typed);
      assertTrue(said.getFirst().contains("32 of the 42 pictures in"), said.toString());
      assertTrue(said.getFirst().endsWith("are left out: the run was trained on them"));
    }
  }

  @Test
  void aCopyOfTheFolderIsKnownByTimesOrWarnedAbout() throws IOException {
    Path kept = copy(temp.resolve("kept"), StandardCopyOption.COPY_ATTRIBUTES);
    assertEquals(held, names(open(kept.toString()), kept));
    Path copied = TinyRun.copy(data, temp.resolve("copied"));
    said.clear();
    assertEquals(40, open(copied.toString()).size());
    assertTrue(
        said.getFirst().startsWith("warning: 32 of the 40 pictures have the names and sizes"),
        said.getFirst());
    Path others = TestPictures.folder(temp.resolve("others"), 20, 16, "a", "b");
    said.clear();
    assertEquals(40, open(others.toString()).size());
    assertEquals(List.of(), said);
    Path onlyTrained = Files.createDirectories(temp.resolve("only"));
    for (String name : trained) {
      Files.createDirectories(onlyTrained.resolve(name).getParent());
      Files.copy(data.resolve(name), onlyTrained.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    UserError e = assertThrows(UserError.class, () -> open(onlyTrained.toString()));
    assertTrue(e.getMessage().startsWith("the run was trained on all 32 pictures"), e.getMessage());
  }

  @Test
  void aRunOnAPartHoldsOutWhatTheWholeHeldOut() throws IOException {
    Recipe part = TinyRun.recipe(data, "epochs=1", "seed=7", "limitTrain=8", "limitVal=4");
    Path limited = temp.resolve("limited");
    TinyRun.run(part, limited);
    run = limited;
    Set<String> before = names(open(null));
    assertEquals(4, before.size());
    addPictures();
    assertTrue(held.containsAll(names(open(null))));
    assertTrue(said.getFirst().contains(": 2 new"), said.getFirst());
  }

  @Test
  void aRunWithoutAListIsJudgedOnItsOwnFolderOnly() throws IOException {
    Files.delete(run.resolve("pictures.tsv.gz"));
    assertEquals(held, names(open(null)));
    addPictures();
    UserError e = assertThrows(UserError.class, () -> open(null));
    assertTrue(e.getMessage().contains("and it kept no list of what it held out"), e.getMessage());
  }

  @Test
  void aDamagedListIsRefused() throws IOException {
    Path list = run.resolve("pictures.tsv.gz");
    byte[] good = Files.readAllBytes(list);
    for (int i = 0; i < good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i] ^= 16;
      Files.write(list, flipped);
      try {
        assertEquals(held, names(open(null)), "byte " + i);
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith(list + " is damaged"), e.getMessage());
      }
    }
    Files.write(list, new byte[0]);
    assertThrows(UserError.class, () -> open(null));
  }

  @Test
  void changedContentsAreNoticedOnResume() throws IOException {
    Recipe longer = TinyRun.recipe(data, "epochs=2", "seed=7");
    Path stopped = temp.resolve("stopped");
    TinyRun.run(longer, stopped, false, 0, 5);
    Path whole = TinyRun.copy(stopped, temp.resolve("whole"));
    TinyRun.resume(longer, whole);
    Path picture = data.resolve("a/003.png");
    FileTime time = Files.getLastModifiedTime(picture);
    for (boolean size : new boolean[] {true, false}) {
      byte[] before = Files.readAllBytes(picture);
      byte[] other = size ? java.util.Arrays.copyOf(before, before.length + 1) : before;
      Files.write(picture, other);
      Files.setLastModifiedTime(picture, size ? time : FileTime.fromMillis(time.toMillis() + 2000));
      UserError e = assertThrows(UserError.class, () -> TinyRun.resume(longer, stopped));
      assertTrue(
          e.getMessage().startsWith("the picture a/003.png has other contents since this run"),
          e.getMessage());
      Files.write(picture, before);
      Files.setLastModifiedTime(picture, time);
    }
    TinyRun.resume(longer, stopped);
    ResumeTest.assertSame(whole, stopped);
  }

  @Test
  void namesOfAnyKindComeBack() throws IOException {
    var entries = new java.util.LinkedHashMap<String, PictureList.Entry>();
    for (String name :
        List.of("a/b\nc.png", "a/tab\there.png", "a/back\\slash\\n.png", "ö/写真.png", "a/\r.png")) {
      entries.put(name, new PictureList.Entry(name.length() % 2 == 0, name.length(), 7));
    }
    PictureList list = new PictureList("/data\nfolder", entries);
    list.write(temp.resolve("pictures.tsv.gz"));
    PictureList read = PictureList.read(temp);
    assertEquals(list, read);
    assertEquals(List.copyOf(entries.keySet()), List.copyOf(read.entries().keySet()));
  }

  private Dataset open(String typed) throws IOException {
    return EvalData.open(run, new EvalData.Wanted(typed, null, null, false), info, said::add);
  }

  private Path copy(Path to, StandardCopyOption how) throws IOException {
    try (var files = Files.walk(data)) {
      for (Path f : files.toList()) {
        Files.copy(f, to.resolve(data.relativize(f)), how);
      }
    }
    return to;
  }

  private Set<String> names(Dataset d) {
    return names(d, data);
  }

  private static Set<String> names(Dataset d, Path root) {
    Set<String> out = new TreeSet<>();
    for (int i = 0; i < d.size(); i++) {
      out.add(root.relativize(Path.of(d.name(i))).toString());
    }
    assertEquals(d.size(), out.size());
    return out;
  }
}
