package engine.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed bindings are what {@code jextract} makes of its headers. */
final class GeneratedBindingsTest {
  @Test
  void bindingsAreWhatTheGeneratorWrites(@TempDir Path folder) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path log = folder.resolve("log");
    Process p =
        new ProcessBuilder(
                List.of(java, "jextract/Generate.java", folder.resolve("ffi").toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, p.waitFor(), () -> read(log));
    List<Path> made;
    try (var files = Files.list(folder.resolve("ffi"))) {
      made = files.sorted().toList();
    }
    assertEquals(
        List.of(
            "CublasLt.java",
            "CudaDriver.java",
            "Cudnn.java",
            "Dnnl.java",
            "Gomp.java",
            "Leptonica.java",
            "Nvrtc.java",
            "Tiff.java",
            "WebP.java",
            "Zstd.java"),
        made.stream().map(f -> f.getFileName().toString()).toList());
    for (Path f : made) {
      assertEquals(
          read(f),
          read(Path.of("src/main/java/engine/ffi").resolve(f.getFileName())),
          "run java jextract/Generate.java and commit");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
