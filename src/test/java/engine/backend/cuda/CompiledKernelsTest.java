package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.cuda.driver.NvrtcCompiler;
import engine.backend.kernels.CompiledFigures;
import engine.backend.kernels.CompiledFigures.Figures;
import engine.backend.kernels.KernelSources;
import engine.backend.kernels.Multiprocessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The kernels through the real compiler: profile {@code cuda}, which brings NVRTC; one that is
 * installed beside it is not asked. To write PTX and figures anew after a change: {@code ./mvnw
 * -Pcuda test -Dtest=CompiledKernelsTest -Dengine.ptx=write}.
 */
@Tag("nvrtc")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the PTX says which kernels there are
final class CompiledKernelsTest {
  private static final boolean WRITE = "write".equals(System.getProperty("engine.ptx"));
  private static final NvrtcCompiler NVRTC = NvrtcCompiler.pinned();
  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(?<name>\\w+)' for 'sm_\\d+'"
              + "(?s:.*?)(?<stores>\\d+) bytes spill stores, (?<loads>\\d+) bytes spill loads"
              + "(?s:.*?)Used (?<registers>\\d+) registers(?<rest>.*)");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  /** Bytes that the kernels of a family may spill: none does, and none should without a reason. */
  private static final Map<String, Integer> SPILL_BUDGET =
      KernelSources.FAMILIES.stream().collect(Collectors.toMap(f -> f, f -> 0));

  @Test
  @Order(1)
  void committedPtxIsWhatTheCompilerMakesOfTheSource() throws IOException {
    for (String family : KernelSources.FAMILIES) {
      Path source = Path.of("cuda", family + ".cu");
      String ptx = NVRTC.ptx(family + ".cu", Files.readString(source), NvrtcCompiler.BASE).text();
      compareOrWrite(Path.of("cuda", family + ".ptx"), ptx);
    }
  }

  @Test
  @Order(2)
  void figuresOfEveryArchitectureAreTheCompilersAndWithinTheSpillBudget() throws IOException {
    Map<String, Map<Integer, Figures>> all = new ConcurrentHashMap<>();
    // NVRTC compiles on as many threads as call it.
    KernelSources.FAMILIES.parallelStream()
        .forEach(f -> Multiprocessor.ALL.forEach(m -> compile(f, m.architecture(), all)));
    Map<String, Map<Integer, Figures>> inOrder = new LinkedHashMap<>();
    Map<String, Integer> spills = new TreeMap<>();
    for (String family : KernelSources.FAMILIES) {
      for (String kernel :
          KernelSources.kernelsIn(Files.readString(Path.of("cuda", family + ".ptx")))) {
        inOrder.put(kernel, all.getOrDefault(kernel, Map.of()));
        int most =
            inOrder.get(kernel).values().stream().mapToInt(Figures::spillBytes).max().orElse(-1);
        assertTrue(most >= 0, "the compiler says nothing of " + kernel);
        if (most > SPILL_BUDGET.get(family)) {
          spills.put(kernel, most);
        }
      }
    }
    assertEquals(Map.of(), spills, "bytes spilled beyond the family's budget");
    compareOrWrite(
        Path.of("cuda", CompiledFigures.FILE), CompiledFigures.format(NVRTC.version(), inOrder));
  }

  private static void compile(
      String family, int architecture, Map<String, Map<Integer, Figures>> all) {
    String source;
    try {
      source = Files.readString(Path.of("cuda", family + ".cu"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher m = KERNEL.matcher(NVRTC.cubin(family + ".cu", source, architecture).log());
    while (m.find()) {
      Matcher shared = SHARED.matcher(m.group("rest"));
      Figures figures =
          new Figures(
              Integer.parseInt(m.group("registers")),
              shared.find() ? Integer.parseInt(shared.group(1)) : 0,
              Integer.parseInt(m.group("stores")) + Integer.parseInt(m.group("loads")));
      all.computeIfAbsent(m.group("name"), k -> new ConcurrentHashMap<>())
          .put(architecture, figures);
    }
  }

  private static void compareOrWrite(Path committed, String made) throws IOException {
    if (WRITE) {
      Files.writeString(committed, made);
    }
    assertEquals(made, Files.readString(committed), committed + " is not of these sources");
  }
}
