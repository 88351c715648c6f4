package engine.inspect.kernel;

import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelSources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CUDA source lines that instructions come from. */
final class SourceText {
  private final Map<String, List<String>> files = new HashMap<>();

  /** {@code adamw.cu:96 if (skips(control)) return;} */
  String of(InstructionCounts i) {
    return of(i.file(), i.line());
  }

  /**
   * @param line from 1; 0 if it is not known
   */
  String of(String file, int line) {
    if (line == 0) {
      return "no line of the source";
    }
    List<String> lines = files.computeIfAbsent(file, SourceText::read);
    String text = line <= lines.size() ? lines.get(line - 1).strip() : "";
    return "%s:%-4d %s".formatted(file, line, text);
  }

  private static List<String> read(String file) {
    boolean kernels = file.endsWith(".cu");
    String text =
        kernels
            ? KernelSources.source(file.substring(0, file.length() - ".cu".length()))
            : KernelSources.header(file);
    return text.lines().toList();
  }
}
