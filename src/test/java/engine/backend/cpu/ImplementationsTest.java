package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.ffi.Dnnl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** oneDNN falls back to a reference implementation, a hundred times slower, without a word. */
final class ImplementationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"AVX2", "AVX512_CORE"})
  void noLayerRunsOnAReferenceImplementation(String isa) throws Exception {
    List<String> lines = primitives(isa);
    int effective = Integer.parseInt(lines.getFirst());
    List<String> found = lines.subList(1, lines.size());
    assertTrue(found.size() > 60, "compiled " + found.size() + " primitives");
    // An older processor has nothing better for some layers.
    if ((effective & Dnnl.dnnl_cpu_isa_avx2) == Dnnl.dnnl_cpu_isa_avx2) {
      assertEquals(
          List.of(), found.stream().filter(l -> l.split("\t")[0].contains("ref")).toList(), isa);
    }
  }

  private static List<String> primitives(String isa) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ImplementationNames.class.getName());
    builder.environment().put("ONEDNN_MAX_CPU_ISA", isa);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out.lines().toList();
  }
}
