package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A clone with the script {@code engine}, and with a JDK and a Maven that are scripts, too. A jar
 * of these is whole if it begins with a word and ends as a jar does.
 *
 * @param root the clone's folder
 * @param output where what it says is written
 */
record LauncherClone(Path root, Path output) {
  private static final String JAVA =
      """
      #!/bin/sh
      while [ "$1" != -jar ]; do shift; done
      grep -q '^whole' "$2" || { echo "Error: Invalid or corrupt jarfile $2"; exit 1; }
      [ "$3" != rehearse ] || echo rehearsed >>"${0%/*}/java.log"
      echo "ran $3"
      """;

  /** Writes half a jar, tells so, waits for as long as it is told to, and writes the rest. */
  private static final String MAVEN =
      """
      #!/bin/sh
      name=engine
      for word; do case $word in -Djar.name=*) name=${word#*=} ;; esac; done
      [ -e target/classes/Half.class ] && found=' with a half class'
      echo "begin$found" >>target/maven.log
      echo "HOME=$HOME $*" >target/maven.words
      mkdir -p target/classes
      echo half >target/classes/Half.class
      printf 'whole, half' >target/$name.jar
      sleep "${BUILD_SECONDS:-0}"
      printf 'PK\\005\\006xxxxxxxxxxxxxxxxxx' >>target/$name.jar
      echo end >>target/maven.log
      exit "${BUILD_RESULT:-0}"
      """;

  static LauncherClone at(Path root) throws IOException {
    LauncherClone out = new LauncherClone(root, root.resolveSibling("output"));
    out.script("engine", Files.readString(Path.of("engine")));
    out.script("mvnw", MAVEN);
    out.script("jdk/bin/java", JAVA);
    out.script("jdk/bin/javac", "#!/bin/sh\n");
    Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.writeString(root.resolve("pom.xml"), "<project/>\n");
    Files.setLastModifiedTime(
        root.resolve("pom.xml"), FileTime.from(Instant.now().minusSeconds(100)));
    return out;
  }

  private void script(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static void assumeThereIs(String program) {
    assumeTrue(
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        "there is no " + program + " here");
  }

  Path jar() {
    return root.resolve("target").resolve("engine.jar");
  }

  /** Runs {@code engine doctor}, by words such as {@code sh} before it. */
  Process start(List<String> before, Map<String, String> environment) throws IOException {
    List<String> line = new ArrayList<>(before);
    line.addAll(List.of(root.resolve("engine").toString(), "doctor"));
    return start(new ProcessBuilder(line), environment);
  }

  Process start(ProcessBuilder builder, Map<String, String> environment) throws IOException {
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  void assertRuns(List<String> before, Map<String, String> environment) throws Exception {
    assertRan(start(before, environment));
  }

  /** It says nothing but that it builds, where it does. */
  void assertRan(Process p) throws Exception {
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, p.exitValue(), said());
    assertEquals("ran doctor\n", said().replaceFirst("engine: building .*\\n", ""));
  }

  String said() throws IOException {
    return Files.readString(output);
  }

  /** A line for each begin and end of a build. */
  List<String> builds() throws IOException {
    return Files.readAllLines(root.resolve("target/maven.log"));
  }

  /** How often the cache of classes was made. */
  int rehearsals() throws IOException {
    return Files.readAllLines(root.resolve("jdk/bin/java.log")).size();
  }
}
