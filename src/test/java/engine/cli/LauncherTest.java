package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code engine} with a JDK and a Maven that are scripts, too: whatever moment a build
 * ends at, the next start has a whole jar. A jar of these is whole if it begins with a word and
 * ends as a jar does.
 */
final class LauncherTest {
  @TempDir Path temp;
  private LauncherClone clone;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    clone = LauncherClone.at(temp.resolve("my engine"));
  }

  private Process start(String shell, double buildSeconds, int buildResult) throws IOException {
    return clone.start(
        List.of(shell.split(" ")),
        Map.of(
            "BUILD_SECONDS",
            Double.toString(buildSeconds),
            "BUILD_RESULT",
            Integer.toString(buildResult)));
  }

  private void assertRuns(String shell) throws Exception {
    clone.assertRuns(List.of(shell.split(" ")), Map.of());
  }

  private void waitForHalfAJar() throws Exception {
    while (!Files.exists(clone.root().resolve("target/classes/Half.class"))) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh"})
  void afterABuildThatWasKilledTheNextStartBuildsAnew(String shell) throws Exception {
    LauncherClone.assumeThereIs(shell.split(" ")[0]);
    Process p = start(shell, 30, 0);
    waitForHalfAJar();
    p.descendants().forEach(ProcessHandle::destroyForcibly);
    p.destroyForcibly();
    assertTrue(p.waitFor(10, TimeUnit.SECONDS));
    assertFalse(Files.exists(clone.jar()), "half a jar by the name of the whole one");
    assertRuns(shell);
    assertRuns(shell); // which needs no build
    assertEquals(
        List.of("begin", "begin", "end"), clone.builds(), "what the first left is done with");
  }

  @Test
  void aMavenThatOutlivesItsLauncherIsWaitedFor() throws Exception {
    Process p = start("sh", 0.6, 0);
    waitForHalfAJar();
    List<ProcessHandle> shells =
        p.descendants().filter(h -> h.info().commandLine().orElse("").contains("doctor")).toList();
    shells.forEach(ProcessHandle::destroyForcibly);
    p.destroyForcibly();
    assertRuns("sh");
    assertEquals(List.of("begin", "end", "begin", "end"), clone.builds());
  }

  @Test
  void aJarThatWasCutOffIsBuiltAnew() throws Exception {
    assertRuns("sh");
    byte[] whole = Files.readAllBytes(clone.jar());
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(clone.jar(), Arrays.copyOf(whole, length));
      Files.setLastModifiedTime(clone.jar(), FileTime.from(Instant.now().plusSeconds(5)));
      assertRuns("sh");
    }
  }

  @Test
  void aFailedBuildKeepsTheJarThatIsThereAndSaysSo() throws Exception {
    assertRuns("sh");
    byte[] before = Files.readAllBytes(clone.jar());
    Files.writeString(clone.root().resolve("pom.xml"), "<project>changed</project>");
    Files.setLastModifiedTime(
        clone.root().resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
    Process p = start("sh", 0, 1);
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    assertEquals(1, p.exitValue());
    String said = clone.said();
    assertTrue(said.contains("the build failed"), said);
    assertEquals(before.length, Files.size(clone.jar()));
  }
}
