package engine.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine as a process of its own: to be killed, or to find another environment. */
final class EngineProcess {
  private EngineProcess() {}

  /**
   * Starts a command in a small JVM that is quick to begin.
   *
   * @param log both outputs go there, after what it holds
   * @param heap the most it may take, in MiB
   */
  static Process start(Path log, int heap, Map<String, String> environment, List<String> command)
      throws IOException {
    return start(log, heap, environment, List.of(), command);
  }

  /**
   * The same by another program.
   *
   * @param launcher begins the command line, such as a shell that redirects
   */
  static Process start(
      Path log,
      int heap,
      Map<String, String> environment,
      List<String> launcher,
      List<String> command)
      throws IOException {
    List<String> line = new ArrayList<>(launcher);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx" + heap + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }
}
