package engine.backend.cuda.libraries;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cuDNN that is not whole is found out before it is loaded, since it would end the process. */
final class CudnnPartsTest {
  private static final List<String> PARTS =
      List.of("graph", "heuristic", "engines_precompiled", "engines_runtime_compiled", "ops");

  @TempDir private Path folder;

  @Test
  void aWholeOneIsTaken() throws IOException {
    Path library = write(PARTS, 9);
    assertDoesNotThrow(() -> CudnnParts.check(library));
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    Path library = write(List.of("graph", "heuristic", "engines_precompiled", "ops"), 9);
    var e = assertThrows(UncheckedNativeException.class, () -> CudnnParts.check(library));
    assertEquals(
        "cuDNN "
            + library
            + " is without libcudnn_engines_runtime_compiled.so.9:"
            + " install cuDNN again, all of it from one package",
        e.getMessage());
  }

  @Test
  void aPartThatOnlyLaterVersionsHaveIsMissedWhereTheirGraphLibraryNamesIt() throws IOException {
    Path library = write(PARTS, 9);
    Files.writeString(
        folder.resolve("libcudnn_graph.so.9"), "\0engines_te\0libcudnn_engines_tensor_ir");
    var e = assertThrows(UncheckedNativeException.class, () -> CudnnParts.check(library));
    assertTrue(
        e.getMessage().contains(" is without libcudnn_engines_tensor_ir.so.9"), e.getMessage());
    Files.createFile(folder.resolve("libcudnn_engines_tensor_ir.so.9"));
    assertDoesNotThrow(() -> CudnnParts.check(library));
  }

  @Test
  void partsOfAnotherMajorVersionAreNamed() throws IOException {
    Path library = write(List.of("graph", "heuristic", "engines_precompiled", "ops"), 9);
    Files.createFile(folder.resolve("libcudnn_engines_runtime_compiled.so.8"));
    var e = assertThrows(UncheckedNativeException.class, () -> CudnnParts.check(library));
    assertTrue(e.getMessage().contains("is mixed with libcudnn_engines_runtime_compiled.so.8"));
  }

  @Test
  void theCudaOfACudnnIsToldByTheCublasThatItsPartsName() throws IOException {
    Path library = write(PARTS, 9);
    assertEquals(0, CudnnParts.cuda(library));
    Path part = folder.resolve("libcudnn_engines_precompiled.so.9");
    Files.writeString(part, "\0libcublasLt.so\0libcublasLt.so.12\0");
    assertEquals(12, CudnnParts.cuda(library));
    Files.writeString(folder.resolve("libcudnn_adv.so.9"), "libcublasLt.so.13");
    assertEquals(13, CudnnParts.cuda(library));
  }

  @Test
  void versionEightIsTooOldAndNineIsNot() {
    Path library = folder.resolve("libcudnn.so.9");
    var e =
        assertThrows(UncheckedNativeException.class, () -> CudnnParts.checkVersion(library, 8907));
    assertTrue(e.getMessage().contains("is version 8, and 9 is the oldest that works"));
    assertDoesNotThrow(() -> CudnnParts.checkVersion(library, 90_100));
  }

  @Test
  void thePartsThatLinkToTheDriverAreFound() throws Exception {
    Path library = write(List.of("graph", "heuristic", "engines_precompiled", "ops"), 9);
    assertEquals(List.of(), CudnnParts.linkedToTheDriver(library));
    Path part = folder.resolve("libcudnn_engines_runtime_compiled.so.9");
    link(part, "-Wl,--no-as-needed", driver().toString());
    assertEquals(List.of(part), CudnnParts.linkedToTheDriver(library));
    assertEquals(List.of("libcuda.so.1"), ElfNeeds.of(part).subList(0, 1));
    link(part);
    assertEquals(List.of(), CudnnParts.linkedToTheDriver(library));
  }

  /** A library under the driver's name. */
  private Path driver() throws Exception {
    Path driver = folder.resolve("libcuda.so");
    link(driver, "-Wl,-soname,libcuda.so.1");
    return driver;
  }

  private void link(Path library, String... more) throws Exception {
    Path source = Files.writeString(folder.resolve("empty.c"), "int answer(void) { return 42; }");
    List<String> command =
        new ArrayList<>(
            List.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
    command.addAll(List.of(more));
    try {
      assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    } catch (IOException e) {
      abort("there is no C compiler to make libraries with: " + e.getMessage());
    }
  }

  private Path write(List<String> parts, int major) throws IOException {
    for (String part : parts) {
      Files.createFile(folder.resolve("libcudnn_" + part + ".so." + major));
    }
    return Files.createFile(folder.resolve("libcudnn.so." + major));
  }
}
