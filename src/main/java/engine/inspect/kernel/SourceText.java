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
    if (i.line() == 0) {
      return "no line of the source";
    }
    List<String> lines = files.computeIfAbsent(i.file(), SourceText::read);
    String text = i.line() <= lines.size() ? lines.get(i.line() - 1).strip() : "";
    return "%s:%-4d %s".formatted(i.file(), i.line(), text);
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
