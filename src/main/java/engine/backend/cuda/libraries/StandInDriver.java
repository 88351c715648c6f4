package engine.backend.cuda.libraries;

import engine.base.CacheFolders;
import engine.ffi.NativeLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A driver that sees no GPU, for planning where there is none: cuDNN leaves out the engines that it
 * compiles at run time, and with them every fusion of fp16, unless it can load {@code
 * libcuda.so.1}.
 */
public final class StandInDriver {
  private StandInDriver() {}

  /**
   * Compiles it with the machine's C compiler and loads it.
   *
   * @return null, or why it could not be had
   */
  public static String load() {
    try {
      Path folder = Files.createTempDirectory(CacheFolders.own("no-gpu"), "driver");
      Path source = folder.resolve("no_gpu.c");
      Path library = folder.resolve("libcuda.so.1");
      try (InputStream in =
          StandInDriver.class.getResourceAsStream("/engine/backend/cuda/dnn/no_gpu.c")) {
        Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
      }
      try {
        return compile(source, library) ? open(library) : "cc cannot compile " + source;
      } finally {
        // Once loaded, a file is no longer needed.
        Files.deleteIfExists(source);
        Files.deleteIfExists(library);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      return "there is no C compiler: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the compiler was interrupted";
    }
  }

  private static boolean compile(Path source, Path library)
      throws IOException, InterruptedException {
    return new ProcessBuilder(
                List.of(
                    "cc",
                    "-shared",
                    "-fPIC",
                    "-Wl,-soname,libcuda.so.1",
                    "-o",
                    library.toString(),
                    source.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static String open(Path library) {
    NativeLibraries.open(library);
    return null;
  }
}
