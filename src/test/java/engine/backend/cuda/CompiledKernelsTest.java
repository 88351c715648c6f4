package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels through the real compiler: profile {@code cuda}, which brings NVRTC. To write the PTX
 * anew after a change: {@code ./mvnw -Pcuda test -Dtest=CompiledKernelsTest -Dengine.ptx=write}.
 */
@Tag("nvrtc")
final class CompiledKernelsTest {
  private static final boolean WRITE = "write".equals(System.getProperty("engine.ptx"));
  private static final NvrtcCompiler NVRTC = NvrtcCompiler.load();
  private static final Pattern ENTRY =
      Pattern.compile("Compiling entry function '(\\w+)' for 'sm_\\d+'");
  private static final Pattern SPILLS =
      Pattern.compile(
          "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");

  /** Bytes that a kernel may spill: none does, and none should without a reason. */
  private static final Map<String, Integer> SPILL_BUDGET = Map.of();

  @Test
  void committedPtxIsWhatTheCompilerMakesOfTheSource() throws IOException {
    for (String family : KernelSources.FAMILIES) {
      Path source = Path.of("cuda", family + ".cu");
      String ptx = NVRTC.ptx(family + ".cu", Files.readString(source), NvrtcCompiler.BASE).text();
      Path committed = Path.of("cuda", family + ".ptx");
      if (WRITE) {
        Files.writeString(committed, ptx);
      }
      assertEquals(ptx, Files.readString(committed), committed + " is not of this source");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
  void kernelsSpillNoRegisters(int arch) {
    Map<String, Integer> spills = new TreeMap<>();
    // NVRTC compiles on as many threads as call it.
    Map<String, String> logs =
        KernelSources.FAMILIES.parallelStream()
            .collect(
                Collectors.toConcurrentMap(
                    f -> f, f -> NVRTC.cubin(f + ".cu", KernelSources.source(f), arch).log()));
    for (String family : KernelSources.FAMILIES) {
      String log = logs.get(family);
      Matcher entry = ENTRY.matcher(log);
      int found = 0;
      while (entry.find()) {
        Matcher m = SPILLS.matcher(log).region(entry.end(), log.length());
        assertTrue(m.find(), "no figures in " + log);
        found++;
        int bytes = Integer.parseInt(m.group(2)) + Integer.parseInt(m.group(3));
        if (bytes > SPILL_BUDGET.getOrDefault(entry.group(1), 0)) {
          spills.put(entry.group(1), bytes);
        }
      }
      assertEquals(KernelSources.kernels().get(family).size(), found, "kernels in " + family);
    }
    assertEquals(Map.of(), spills, "bytes spilled on sm_" + arch);
  }
}
