package engine.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine as a shell starts it: for names, signals and environments that Java cannot give. */
final class EngineShell {
  record Outcome(int code, String said) {}

  private EngineShell() {}

  /** Runs a script in which {@code $engine} is the engine's command line. */
  static Outcome run(Path folder, Map<String, String> environment, String script)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    builder
        .environment()
        .put(
            "engine",
            java
                + " --enable-native-access=ALL-UNNAMED -Xmx200m -XX:+UseSerialGC"
                + " -XX:TieredStopAtLevel=1 "
                + Main.class.getName());
    builder
        .environment()
        .put(
            "CLASSPATH",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)));
    builder.environment().putAll(environment);
    Process p = builder.start();
    assertTrue(p.waitFor(90, TimeUnit.SECONDS));
    return new Outcome(p.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}
