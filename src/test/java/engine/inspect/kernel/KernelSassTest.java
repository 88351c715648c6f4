package engine.inspect.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import engine.backend.kernels.Assembler;
import engine.backend.kernels.CudaTools;
import engine.backend.kernels.KernelSimulator;
import engine.base.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With scripts that say what NVIDIA's programs said once; the programs are asked by other tests.
 */
final class KernelSassTest {
  private static final String PTXAS =
      """
      #!/bin/sh
      if [ "$1" = --version ]; then echo 'Cuda compilation tools, release 13.5, V13.5.37'; exit; fi
      while [ $# -gt 1 ]; do [ "$1" != -o ] || echo code >"$2"; shift; done
      grep -q '^.version 6.3' "$1" || { echo "ptxas $1, line 5; error : wrong"; exit 255; }
      cat <<END
      ptxas info    : Compiling entry function 'reverse' for 'sm_90'
      ptxas info    : Function properties for reverse
          0 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads
      ptxas info    : Used 12 registers, used 1 barriers, 1024 bytes smem
      END
      """;

  private static final String NVDISASM =
      """
      #!/bin/sh
      cat <<END
      //--------------------- .text.reverse             --------------------------
      reverse:
      .text.reverse:
      \t//## File "cuda/planted.cu", line 40
              /*0000*/                   LDC R1, c[0x0][0x28] ;
              /*0010*/                   LDG.E.128.CONSTANT R2, desc[UR14][R2.64+0x4] ;
      .L_x_186:
      \t//## File "cuda/planted.cu", line 41
              /*0020*/               @P1 EXIT ;
      //--------------------- .text.other             --------------------------
              /*0000*/                   BRA 0x0 ;
      END
      """;

  @TempDir private Path root;

  @Test
  void machineCodeStandsBesideThePtxOfItsSourceLine() throws IOException {
    programs("tools");
    KernelSass sass = sass();
    StringWriter text = new StringWriter();
    sass.print(new PrintWriter(text));
    String out = text.toString();
    assertTrue(
        out.startsWith(
            "reverse for sm_90, assembled by ptxas 13.5.37: 12 registers a thread, 12 bytes spilled, 3 instructions, 1 of them loads of 128 bits or more"),
        out);
    assertTrue(out.contains("planted.cu:40"), out);
    assertTrue(out.contains("ld.global"), out);
    assertTrue(out.contains("0010  LDG.E.128.CONSTANT R2, desc[UR14][R2.64+0x4]"), out);
    assertFalse(out.contains("BRA"), "the code of another kernel is shown");
    JsonObject json = sass.json();
    assertEquals(1, json.get("wide_loads").getAsInt());
    JsonObject last = json.getAsJsonArray("instructions").get(2).getAsJsonObject();
    assertEquals("planted.cu:41", last.get("source").getAsString());
    assertEquals("0020  @P1 EXIT", last.get("sass").getAsString());
  }

  @Test
  void whatTheAssemblerRefusesIsSaidInItsWords() throws IOException {
    programs("tools");
    Assembler a = new CudaTools(Map.of("PATH", root + "/tools"), root).assembler();
    UserError e = assertThrows(UserError.class, () -> a.assemble("nothing", 90));
    assertTrue(e.getMessage().endsWith("kernels.ptx, line 5; error : wrong"), e.getMessage());
  }

  @Test
  void whatPipInstalledIsFoundAndWhatOthersCouldWriteIsNot() throws IOException {
    Path open = programs("tools");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> environment =
        Map.of("PATH", root + "/tools", "VIRTUAL_ENV", root + "/venv");
    UserError e = assertThrows(UserError.class, () -> new CudaTools(environment, root).assembler());
    assertTrue(e.getMessage().contains("passed over: " + open.resolve("ptxas")), e.getMessage());
    Path pip = programs("venv/lib/python3.12/site-packages/nvidia/cu13/bin");
    assertEquals(pip.resolve("ptxas"), new CudaTools(environment, root).assembler().ptxas());
  }

  @Test
  void aMachineWithoutTheProgramsHearsWhereToGetThem() {
    UserError e = assertThrows(UserError.class, () -> new CudaTools(Map.of(), root).assembler());
    assertEquals(
        "machine code needs NVIDIA's ptxas (pip install nvidia-cuda-nvcc) and nvdisasm (pip install nvidia-cuda-nvdisasm), and a CUDA toolkit has both: put its folder on the PATH",
        e.getMessage());
  }

  private KernelSass sass() {
    KernelDossier kernel = KernelDossier.of("reverse", KernelSimulator.NO_TRACE);
    return KernelSass.of(
        kernel, 90, new CudaTools(Map.of("PATH", root + "/tools"), root).assembler());
  }

  private Path programs(String folder) throws IOException {
    Path bin = Files.createDirectories(root.resolve(folder));
    for (Map.Entry<String, String> e : Map.of("ptxas", PTXAS, "nvdisasm", NVDISASM).entrySet()) {
      Path p = Files.writeString(bin.resolve(e.getKey()), e.getValue());
      Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return bin;
  }
}
