package engine.backend.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the real compiler made of every kernel: {@code cuda/compiled.tsv}, a line a kernel, a column
 * an architecture. The test that compiles the kernels writes it and keeps it true.
 */
public final class CompiledFigures {
  /** The file's name, beside the kernels. */
  public static final String FILE = "compiled.tsv";

  /**
   * One kernel on one architecture.
   *
   * @param registers of a thread
   * @param sharedBytes static, of a block
   * @param spillBytes stored to and loaded from local memory for want of registers
   */
  public record Figures(int registers, int sharedBytes, int spillBytes) {
    /** As the file has it: {@code 40/128/0}. */
    @Override
    public String toString() {
      return registers + "/" + sharedBytes + "/" + spillBytes;
    }

    private static Figures parse(String text) {
      String[] parts = text.split("/", -1);
      return new Figures(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
  }

  private final String compiler;
  private final Map<String, Map<Integer, Figures>> byKernel;

  private CompiledFigures(String compiler, Map<String, Map<Integer, Figures>> byKernel) {
    this.compiler = compiler;
    this.byKernel = byKernel;
  }

  /** Those of the jar. */
  public static CompiledFigures read() {
    List<String> lines = KernelSources.text(FILE).lines().toList();
    String compiler = lines.getFirst().substring(2, lines.getFirst().indexOf(':'));
    String[] head = lines.get(1).split("\t", -1);
    Map<String, Map<Integer, Figures>> all = new LinkedHashMap<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<Integer, Figures> of = new LinkedHashMap<>();
      for (int i = 1; i < cells.length; i++) {
        of.put(Integer.parseInt(head[i].substring("sm_".length())), Figures.parse(cells[i]));
      }
      all.put(cells[0], of);
    }
    return new CompiledFigures(compiler, all);
  }

  /** {@code NVRTC 12.9}. */
  public String compiler() {
    return compiler;
  }

  /** By architecture, ascending; empty for a kernel that the file does not know. */
  public Map<Integer, Figures> of(String kernel) {
    return byKernel.getOrDefault(kernel, Map.of());
  }

  /** The file's text. */
  public static String format(String compiler, Map<String, Map<Integer, Figures>> byKernel) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# %s: registers a thread / bytes of shared memory a block / bytes spilled"
            .formatted(compiler));
    StringBuilder head = new StringBuilder("kernel");
    Multiprocessor.ALL.forEach(m -> head.append("\tsm_").append(m.architecture()));
    lines.add(head.toString());
    byKernel.forEach(
        (kernel, of) -> {
          StringBuilder line = new StringBuilder(kernel);
          Multiprocessor.ALL.forEach(m -> line.append('\t').append(of.get(m.architecture())));
          lines.add(line.toString());
        });
    return String.join("\n", lines) + "\n";
  }
}
