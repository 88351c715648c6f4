package engine.backend.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.base.CacheFolders;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The committed PTX through NVIDIA's assemblers, which {@code bench/gpu/toolchain/fetch} brings:
 * for every architecture the oldest that knows it and the newest. {@code bench/gpu/assembly.tsv}
 * holds what the newest makes of each kernel; to write it anew after a change: {@code ./mvnw test
 * -Dtest=AssembledKernelsTest -Dsurefire.excluded.groups=nvrtc -Dengine.ptx=write}.
 */
@Tag("ptxas")
final class AssembledKernelsTest {
  private static final Path TABLE = Path.of("bench", "gpu", "assembly.tsv");
  private static final String NEWEST = "nvidia-cuda-nvcc==13.5.37";
  private static final String DISASSEMBLER = "nvidia-cuda-nvdisasm==13.5.37";

  /**
   * The first of pip's packages whose assembler knows an architecture; those of 11.8 and 12.0 know
   * sm_90, and end with a fault of their own.
   */
  private static final Map<Integer, String> OLDEST =
      Map.of(
          75, "nvidia-cuda-nvcc-cu11==11.7.99",
          80, "nvidia-cuda-nvcc-cu11==11.7.99",
          86, "nvidia-cuda-nvcc-cu11==11.7.99",
          89, "nvidia-cuda-nvcc-cu11==11.8.89",
          90, "nvidia-cuda-nvcc-cu12==12.1.66",
          100, "nvidia-cuda-nvcc-cu12==12.8.93",
          120, "nvidia-cuda-nvcc-cu12==12.8.93");

  /**
   * What the newest assembler makes of a kernel for an architecture.
   *
   * @param wideLoads instructions that load 16 bytes or more of global memory
   */
  private record Cell(int registers, int spilled, long wideLoads) {
    @Override
    public String toString() {
      return registers + "/" + spilled + "/" + wideLoads;
    }

    static Cell parse(String text) {
      String[] n = text.split("/", -1);
      return new Cell(Integer.parseInt(n[0]), Integer.parseInt(n[1]), Long.parseLong(n[2]));
    }

    boolean isWorseThan(Cell c) {
      return registers > c.registers || spilled > c.spilled || wideLoads < c.wideLoads;
    }
  }

  @Test
  void theOldestAssemblerOfEveryArchitectureTakesEveryFamilyAndSpillsNothing() {
    Map<String, Assembler> tools = new TreeMap<>();
    OLDEST.values().forEach(p -> tools.put(p, new Assembler(program(p, "ptxas"), null)));
    Map<String, Integer> spills = new ConcurrentHashMap<>();
    KernelSources.FAMILIES.parallelStream()
        .forEach(
            family ->
                OLDEST.forEach(
                    (architecture, pin) ->
                        tools
                            .get(pin)
                            .assemble(KernelSources.ptx(family), architecture)
                            .figures()
                            .forEach(
                                (kernel, f) -> {
                                  if (f.spillBytes() > 0) {
                                    spills.put(kernel + " sm_" + architecture, f.spillBytes());
                                  }
                                })));
    assertEquals(Map.of(), spills, "bytes spilled");
  }

  /**
   * So that the version that the PTX says is the lowest that it can say. What says 6.3, the first
   * that has sm_75, is not tried: the assembler does not hold the target against the version.
   */
  @Test
  void anEarlierVersionIsRefused() {
    Assembler oldest = new Assembler(program(OLDEST.get(75), "ptxas"), null);
    int tried = 0;
    for (String family : KernelSources.FAMILIES) {
      String ptx = KernelSources.ptx(family);
      if (ptx.contains("\n.version 7.0\n")) {
        String earlier = ptx.replace("\n.version 7.0\n", "\n.version 6.5\n");
        assertThrows(UserError.class, () -> oldest.assemble(earlier, 75), family);
        tried++;
      }
    }
    assertTrue(tried > 10, tried + " families say 7.0");
  }

  @Test
  void noKernelHasBecomeWorseThanTheTableSays() throws IOException {
    Assembler newest = new Assembler(program(NEWEST, "ptxas"), program(DISASSEMBLER, "nvdisasm"));
    Map<String, Map<Integer, Cell>> made = new ConcurrentHashMap<>();
    KernelSources.FAMILIES.parallelStream()
        .forEach(f -> Multiprocessor.ALL.forEach(m -> add(newest, f, m.architecture(), made)));
    if ("write".equals(System.getProperty("engine.ptx"))) {
      Files.writeString(TABLE, format(newest.version(), made));
    }
    Map<String, Map<Integer, Cell>> table = parse(Files.readString(TABLE));
    Map<String, String> worse = new TreeMap<>();
    KernelSources.kernels()
        .values()
        .forEach(
            kernels ->
                kernels.forEach(
                    kernel ->
                        made.getOrDefault(kernel, Map.of())
                            .forEach(
                                (architecture, cell) -> {
                                  Cell before =
                                      table.getOrDefault(kernel, Map.of()).get(architecture);
                                  if (before == null || cell.isWorseThan(before)) {
                                    worse.put(
                                        kernel + " sm_" + architecture, before + " -> " + cell);
                                  }
                                })));
    assertEquals(Map.of(), worse, "registers/bytes spilled/128-bit loads");
    assertEquals(
        KernelSources.kernels().values().stream().flatMap(List::stream).sorted().toList(),
        table.keySet().stream().sorted().toList(),
        "kernels of " + TABLE);
  }

  private static void add(
      Assembler a, String family, int architecture, Map<String, Map<Integer, Cell>> made) {
    Assembler.Assembled assembled = a.assemble(KernelSources.ptx(family), architecture);
    Map<String, List<Assembler.Instruction>> code = a.disassemble(assembled.code());
    assembled
        .figures()
        .forEach(
            (kernel, f) -> {
              assertTrue(code.get(kernel).size() > 4, kernel);
              long wide =
                  code.get(kernel).stream().filter(Assembler.Instruction::isWideLoad).count();
              made.computeIfAbsent(kernel, k -> new ConcurrentHashMap<>())
                  .put(architecture, new Cell(f.registers(), f.spillBytes(), wide));
            });
  }

  private static String format(String version, Map<String, Map<Integer, Cell>> made) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# ptxas %s: registers a thread / bytes spilled / instructions that load 128 bits or more"
            .formatted(version));
    StringBuilder head = new StringBuilder("kernel");
    Multiprocessor.ALL.forEach(m -> head.append("\tsm_").append(m.architecture()));
    lines.add(head.toString());
    KernelSources.kernels()
        .values()
        .forEach(
            kernels ->
                kernels.forEach(
                    kernel -> {
                      StringBuilder line = new StringBuilder(kernel);
                      Multiprocessor.ALL.forEach(
                          m -> line.append('\t').append(made.get(kernel).get(m.architecture())));
                      lines.add(line.toString());
                    }));
    return String.join("\n", lines) + "\n";
  }

  private static Map<String, Map<Integer, Cell>> parse(String text) {
    List<String> lines = text.lines().toList();
    String[] head = lines.get(1).split("\t", -1);
    Map<String, Map<Integer, Cell>> out = new LinkedHashMap<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<Integer, Cell> of = new TreeMap<>();
      for (int i = 1; i < cells.length; i++) {
        of.put(Integer.parseInt(head[i].substring("sm_".length())), Cell.parse(cells[i]));
      }
      out.put(cells[0], of);
    }
    return out;
  }

  /** A program of one of pip's packages; without it the test is skipped. */
  private static Path program(String pin, String name) {
    for (Path cache : CacheFolders.candidates()) {
      Path folder = cache.resolve("toolchain").resolve(pin);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          Path found = files.filter(p -> p.endsWith(Path.of("bin", name))).findFirst().orElse(null);
          if (found != null) {
            return found;
          }
        } catch (IOException e) {
          // said below
        }
      }
    }
    assumeTrue(false, "there is no " + name + " of " + pin + ": run bench/gpu/toolchain/fetch");
    throw new AssertionError();
  }
}
