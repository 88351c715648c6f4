package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private static final String JAVA =
      """
      #!/bin/sh
      while [ "$1" != -jar ]; do shift; done
      grep -q '^whole' "$2" || { echo "Error: Invalid or corrupt jarfile $2"; exit 1; }
      echo "ran $3"
      """;

  /** Writes half a jar, tells so, waits for as long as it is told to, and writes the rest. */
  private static final String MAVEN =
      """
      #!/bin/sh
      name=engine
      for word; do case $word in -Djar.name=*) name=${word#*=} ;; esac; done
      [ -e target/classes/Half.class ] && found=' with a half class'
      echo "begin$found" >>maven.log
      mkdir -p target/classes
      echo half >target/classes/Half.class
      printf 'whole, half' >target/$name.jar
      sleep "${BUILD_SECONDS:-0}"
      printf 'PK\\005\\006xxxxxxxxxxxxxxxxxx' >>target/$name.jar
      echo end >>maven.log
      exit "${BUILD_RESULT:-0}"
      """;

  @TempDir Path temp;
  private Path root;
  private Path jar;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    root = Files.createDirectories(temp.resolve("my engine"));
    jar = root.resolve("target").resolve("engine.jar");
    Files.copy(Path.of("engine"), root.resolve("engine"));
    script("engine", Files.readString(Path.of("engine")));
    script("mvnw", MAVEN);
    script("jdk/bin/java", JAVA);
    script("jdk/bin/javac", "#!/bin/sh\n");
    Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.writeString(root.resolve("pom.xml"), "<project/>\n");
    Files.setLastModifiedTime(
        root.resolve("pom.xml"), FileTime.from(Instant.now().minusSeconds(100)));
  }

  private void script(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(String shell, double buildSeconds, int buildResult) throws IOException {
    List<String> line = new ArrayList<>(List.of(shell.split(" ")));
    line.addAll(List.of(root.resolve("engine").toString(), "doctor"));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("output").toFile());
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().put("BUILD_SECONDS", Double.toString(buildSeconds));
    builder.environment().put("BUILD_RESULT", Integer.toString(buildResult));
    return builder.start();
  }

  private void assertRuns(String shell) throws Exception {
    Process p = start(shell, 0, 0);
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    String said = Files.readString(temp.resolve("output"));
    assertEquals(0, p.exitValue(), said);
    assertTrue(said.endsWith("ran doctor\n"), said);
  }

  private void waitForHalfAJar() throws Exception {
    while (!Files.exists(root.resolve("target/classes/Half.class"))) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
  }

  private List<String> maven() throws IOException {
    return Files.readAllLines(root.resolve("maven.log"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh"})
  void afterABuildThatWasKilledTheNextStartBuildsAnew(String shell) throws Exception {
    String program = shell.split(" ")[0];
    assumeTrue(
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        "there is no " + program + " here");
    Process p = start(shell, 30, 0);
    waitForHalfAJar();
    p.descendants().forEach(ProcessHandle::destroyForcibly);
    p.destroyForcibly();
    assertTrue(p.waitFor(10, TimeUnit.SECONDS));
    assertFalse(Files.exists(jar), "half a jar by the name of the whole one");
    assertRuns(shell);
    assertRuns(shell); // which needs no build
    assertEquals(List.of("begin", "begin", "end"), maven(), "what the first left is done with");
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
    assertEquals(List.of("begin", "end", "begin", "end"), maven());
  }

  @Test
  void aJarThatWasCutOffIsBuiltAnew() throws Exception {
    assertRuns("sh");
    byte[] whole = Files.readAllBytes(jar);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(jar, Arrays.copyOf(whole, length));
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
      assertRuns("sh");
    }
  }

  @Test
  void aFailedBuildKeepsTheJarThatIsThereAndSaysSo() throws Exception {
    assertRuns("sh");
    byte[] before = Files.readAllBytes(jar);
    Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
    Process p = start("sh", 0, 1);
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    assertEquals(1, p.exitValue());
    String said = Files.readString(temp.resolve("output"));
    assertTrue(said.contains("the build failed"), said);
    assertEquals(before.length, Files.size(jar));
  }
}
