package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.base.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code engine} where a clone, a user, or a clock is not as usual: it works, or says
 * why not in a sentence.
 */
final class LauncherPlacesTest {
  private static final List<String> ONE_BUILD = List.of("begin", "end");
  private static final List<String> SH = List.of("sh");
  private static final long NOBODY = 54_321;

  @TempDir Path temp;

  private static void date(Path file, Duration fromNow) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(fromNow)));
  }

  private LauncherClone fresh() throws IOException {
    return LauncherClone.at(temp.resolve("clone"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh"})
  void sourcesDatedInTheFutureAreBuiltOnce(String shell) throws Exception {
    List<String> words = List.of(shell.split(" "));
    LauncherClone.assumeThereIs(words.getFirst());
    LauncherClone clone = fresh();
    Path source = Files.createDirectories(clone.root().resolve("src/main")).resolve("A b.java");
    Files.writeString(source, "one");
    date(source, Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      clone.assertRuns(words, Map.of());
    }
    assertEquals(ONE_BUILD, clone.builds());
    Files.writeString(source, "two");
    date(source, Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      clone.assertRuns(words, Map.of());
    }
    assertEquals(4, clone.builds().size(), "two builds");
    Files.delete(source);
    date(source.getParent(), Duration.ofDays(1));
    clone.assertRuns(words, Map.of());
    assertEquals(6, clone.builds().size(), "what is gone is no longer in the jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh"})
  void whatIsWrittenAfterTheClockWentBackIsBuilt(String shell) throws Exception {
    List<String> words = List.of(shell.split(" "));
    LauncherClone.assumeThereIs(words.getFirst());
    LauncherClone clone = fresh();
    clone.assertRuns(words, Map.of());
    date(clone.jar(), Duration.ofDays(1));
    clone.assertRuns(words, Map.of());
    assertEquals(ONE_BUILD, clone.builds());
    assertEquals(2, clone.rehearsals(), "once for each time of the jar");
    clone.assertRuns(words, Map.of());
    assertEquals(2, clone.rehearsals());
    Files.writeString(clone.root().resolve("pom.xml"), "<project>new</project>");
    clone.assertRuns(words, Map.of());
    clone.assertRuns(words, Map.of());
    assertEquals(List.of("begin", "end", "begin", "end"), clone.builds(), "of no old class");
  }

  /** Sums of an older jar say nothing of one that somebody else has made. */
  @Test
  void aJarOfMavenAloneIsNotTakenForTheOneBefore() throws Exception {
    LauncherClone clone = fresh();
    clone.assertRuns(SH, Map.of());
    Files.write(clone.jar(), "whole, and other PK\5\6xxxxxxxxxxxxxxxxxx".getBytes("US-ASCII"));
    date(clone.jar(), Duration.ofSeconds(-50));
    date(clone.root().resolve("pom.xml"), Duration.ZERO);
    clone.assertRuns(SH, Map.of());
    assertEquals(4, clone.builds().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:b",
        ":",
        "c  d ",
        "it's \"so\"",
        "two\nlines",
        "é–漢",
        "-n",
        "$x`y`",
        "*",
        "b\\n"
      })
  void aCloneMayHaveAnyName(String name) throws Exception {
    LauncherClone clone = LauncherClone.at(temp.resolve(name));
    clone.assertRuns(SH, Map.of());
    clone.assertRuns(SH, Map.of());
    ProcessBuilder beside = new ProcessBuilder("sh", "--", "./engine", "doctor");
    beside.directory(clone.root().toFile());
    clone.assertRan(clone.start(beside, Map.of("CDPATH", temp + ":/")));
    ProcessBuilder above = new ProcessBuilder("sh", "--", name + "/engine", "doctor");
    above.directory(temp.toFile());
    clone.assertRan(clone.start(above, Map.of("CDPATH", "/:" + temp)));
    assertEquals(ONE_BUILD, clone.builds());
  }

  @Test
  void theCloneAndTheLauncherMayBeLinks() throws Exception {
    LauncherClone clone = fresh();
    Path bin = Files.createDirectories(temp.resolve("my bin"));
    Files.createSymbolicLink(temp.resolve("linked"), Path.of("clone"));
    Files.createSymbolicLink(bin.resolve("-engine"), Path.of("../linked/engine"));
    Files.createSymbolicLink(bin.resolve("engine"), Path.of("-engine"));
    for (String at : List.of("../linked/engine", "../my bin/engine", "./-engine")) {
      ProcessBuilder builder = new ProcessBuilder("sh", at, "doctor").directory(bin.toFile());
      clone.assertRan(clone.start(builder, Map.of()));
    }
    assertEquals(ONE_BUILD, clone.builds());
  }

  @Test
  void noFolderForTemporaryFilesIsNeeded() throws Exception {
    LauncherClone clone = fresh();
    clone.assertRuns(SH, Map.of("TMPDIR", temp + "/none", "LC_ALL", "C"));
    clone.assertRuns(SH, Map.of("TMPDIR", temp + "/none", "LC_ALL", "C"));
    assertEquals(1, clone.rehearsals());
  }

  @Test
  void mavenKeepsItsFilesInAHomeThatCanBeWritten() throws Exception {
    Path own = Path.of(System.getProperty("user.home"));
    assumeTrue(Files.isWritable(own), "this user's own home cannot be written to");
    LauncherClone clone = fresh();
    clone.assertRuns(SH, Map.of("HOME", ""));
    assertTrue(words(clone).startsWith("HOME=" + own + " -q"), words(clone));
  }

  private static String words(LauncherClone clone) throws IOException {
    return Files.readString(clone.root().resolve("target/maven.words"));
  }

  /** As a user whom the system does not know; and for the user who may write anywhere, another. */
  private List<String> asNobody(LauncherClone clone) throws Exception {
    assumeTrue(Ownership.user() == 0, "only root can become another user");
    LauncherClone.assumeThereIs("setpriv");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> sh =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "sh");
    List<String> reach = new ArrayList<>(sh);
    reach.addAll(List.of("-c", "test -x \"$1\"", "sh", clone.root().toString()));
    assumeTrue(
        new ProcessBuilder(reach).start().waitFor() == 0, "another user cannot get to " + temp);
    return sh;
  }

  private static void giveAll(Path folder, long user) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.toList()) {
        Files.setAttribute(p, "unix:uid", (int) user);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/nonexistent"})
  void aUserWithoutANameOrAHomeBuildsInTheClone(String home) throws Exception {
    LauncherClone clone = fresh();
    List<String> sh = asNobody(clone);
    giveAll(clone.root(), NOBODY);
    clone.assertRuns(sh, Map.of("HOME", home));
    String target = clone.root() + "/target/home";
    assertTrue(words(clone).contains("HOME=" + target), words(clone));
    assertTrue(words(clone).contains("-Dmaven.repo.local=" + target + "/.m2"), words(clone));
  }

  @Test
  void whatRootBuildsInAnothersCloneIsTheirs() throws Exception {
    LauncherClone clone = fresh();
    List<String> sh = asNobody(clone);
    giveAll(clone.root(), NOBODY);
    clone.assertRuns(SH, Map.of());
    try (Stream<Path> all = Files.walk(clone.root().resolve("target"))) {
      for (Path p : all.toList()) {
        assertEquals((int) NOBODY, Files.getAttribute(p, "unix:uid"), p.toString());
      }
    }
    Files.writeString(clone.root().resolve("pom.xml"), "<project>new</project>");
    clone.assertRuns(sh, Map.of());
    assertEquals(4, clone.builds().size());
  }

  @Test
  void aCloneThatCannotBeWrittenIsStartedAsItIs() throws Exception {
    LauncherClone clone = fresh();
    List<String> sh = asNobody(clone);
    Process p = clone.start(sh, Map.of());
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    assertEquals(1, p.exitValue());
    assertTrue(
        clone.said().matches("engine: there is no whole target/engine.jar and none can be .*\n"),
        clone.said());
    clone.assertRuns(SH, Map.of());
    clone.assertRuns(sh, Map.of());
    date(clone.root().resolve("pom.xml"), Duration.ZERO);
    clone.assertRuns(sh, Map.of()); // copied, not changed
    Files.writeString(clone.root().resolve("pom.xml"), "<project>new</project>");
    p = clone.start(sh, Map.of());
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    assertTrue(
        clone
            .said()
            .matches("engine: started as it is: the sources are no longer .*\nran doctor\n"),
        clone.said());
    assertEquals(ONE_BUILD, clone.builds());
    assertFalse(clone.said().contains("denied"), clone.said());
  }
}
