package engine.backend.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.backend.cuda.plans.CudnnPlanChecker;
import engine.backend.sim.dnn.SimDnn;
import engine.backend.sim.math.CpuMath;
import engine.ffi.Cudnn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What the software GPU's cuDNN takes and refuses, beside what the real one does. The table holds
 * for each use the status of the first call that is refused, 0 if none is.
 *
 * <p>The column of the real library was written with {@code -Dengine.cudnn.lib=FOLDER
 * -Dengine.cudnn.decisions=write}, where FOLDER has the libraries of cuDNN 9.24 and beside it
 * {@code cu13/lib} those of CUDA 13; it needs no GPU, and {@code ENGINE_CUDNN} to name that cuDNN.
 */
final class CudnnDecisionsTest {
  private static final Path TABLE =
      Path.of("src/test/resources/engine/backend/sim/cudnn-decisions.tsv");
  private static final String FOLDER = System.getProperty("engine.cudnn.lib");

  private final Map<String, Consumer<CudnnDescriptors>> uses = CudnnMistakes.all();

  /** The real library's status and the software GPU's. */
  private record Decision(int real, int simulated) {}

  @Test
  void theSoftwareGpuDecidesAsTheTableSays() throws IOException {
    Map<String, Integer> expected = new LinkedHashMap<>();
    table().forEach((name, d) -> expected.put(name, d.simulated));
    assertEquals(new TreeMap<>(expected), new TreeMap<>(simulated()));
  }

  @Test
  void whatTheRealLibraryRefusesTheSoftwareGpuRefuses() throws IOException {
    assertEquals(uses.keySet(), table().keySet(), "the table's uses");
    table()
        .forEach(
            (name, d) -> assertTrue(d.real == 0 || d.simulated != 0, name + " is taken here only"));
    long both = table().values().stream().filter(d -> d.real != 0 && d.simulated != 0).count();
    assertTrue(both >= 30, both + " mistakes are refused by both");
  }

  @Test
  void theRealLibraryDecidesAsTheTableSays() throws IOException {
    assumeTrue(
        FOLDER != null, "no real cuDNN to ask: give its folder with -Dengine.cudnn.lib=FOLDER");
    Map<String, Integer> real = real();
    if ("write".equals(System.getProperty("engine.cudnn.decisions"))) {
      write(real, simulated());
    }
    Map<String, Integer> expected = new LinkedHashMap<>();
    table().forEach((name, d) -> expected.put(name, d.real));
    assertEquals(new TreeMap<>(expected), new TreeMap<>(real));
  }

  private Map<String, Integer> simulated() {
    try (SimGpu gpu = new SimGpu();
        CpuMath math = new CpuMath(1)) {
      return decisions(new Cudnn(SimDnn.symbols(gpu.device, math)));
    }
  }

  private Map<String, Integer> real() {
    // Loads the driver or a stand-in for it: fusions of bytes are compiled at run time.
    String unused = new CudnnPlanChecker().library();
    Arena forever = Arena.global();
    Path cudnn = Path.of(FOLDER);
    Path cuda = cudnn.resolve("../../cu13/lib").normalize();
    for (String name :
        new String[] {
          "libnvrtc-builtins.so.13.0", "libnvrtc.so.13", "libcublasLt.so.13", "libcublas.so.13"
        }) {
      SymbolLookup loaded = SymbolLookup.libraryLookup(cuda.resolve(name), forever);
    }
    return decisions(
        new Cudnn(SymbolLookup.libraryLookup(cudnn.resolve("libcudnn.so.9"), forever)));
  }

  private Map<String, Integer> decisions(Cudnn cudnn) {
    Map<String, Integer> decisions = new LinkedHashMap<>();
    uses.forEach((name, use) -> decisions.put(name, CudnnMistakes.decision(use, cudnn)));
    return decisions;
  }

  private static Map<String, Decision> table() throws IOException {
    Map<String, Decision> table = new LinkedHashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\t");
        table.put(cells[0], new Decision(Integer.parseInt(cells[1]), Integer.parseInt(cells[2])));
      }
    }
    return table;
  }

  private static void write(Map<String, Integer> real, Map<String, Integer> simulated)
      throws IOException {
    StringBuilder s = new StringBuilder("# use\tcuDNN 9.24\tsoftware GPU\n");
    real.forEach((name, r) -> s.append("%s\t%d\t%d\n".formatted(name, r, simulated.get(name))));
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, s);
  }
}
