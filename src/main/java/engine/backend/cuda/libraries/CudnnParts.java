package engine.backend.cuda.libraries;

import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a cuDNN is whole and new enough, before it is used. */
public final class CudnnParts {
  private static final int MAJOR = 9;

  /** From 9.8 on cuDNN plans for GPUs that are not there. */
  public static final long PLANS_FOR_ABSENT_GPUS = 90_800;

  /** A part that later versions have; only their graph library names it. */
  private static final String LATER_PART = "engines_tensor_ir";

  /** What the graph API loads as it goes, without which it ends the process. */
  private static final List<String> PARTS =
      List.of("graph", "heuristic", "engines_precompiled", "engines_runtime_compiled", "ops");

  private static final Pattern NAME = Pattern.compile("libcudnn_(\\w+)\\.so\\.(\\d+)");
  private static final String CUBLASLT = "libcublasLt.so.";
  private static final String ADVICE = ": install cuDNN again, all of it from one package";

  private static final String DRIVER = "libcuda.so.1";

  private CudnnParts() {}

  /** The library where its parts lie: links to it alone are followed. */
  static Path besideItsParts(Path library) {
    String part = "libcudnn_" + PARTS.getFirst() + ".so." + MAJOR;
    try {
      Path real = library.toRealPath();
      return !Files.exists(library.resolveSibling(part)) && Files.exists(real.resolveSibling(part))
          ? real
          : library;
    } catch (IOException e) {
      return library;
    }
  }

  /**
   * What is wrong with the files beside the library, in words for brackets: a part is missing, or
   * of another major version; null if it is whole.
   */
  static String incomplete(Path library) {
    List<String> missing = new ArrayList<>();
    for (String part : PARTS) {
      String name = "libcudnn_" + part + ".so." + MAJOR;
      if (!Files.exists(library.resolveSibling(name))) {
        missing.add(name);
      }
    }
    String later = "libcudnn_" + LATER_PART + ".so." + MAJOR;
    if (missing.isEmpty() && !Files.exists(library.resolveSibling(later)) && wantsLater(library)) {
      missing.add(later);
    }
    for (String other : others(library)) {
      Matcher m = NAME.matcher(other);
      if (m.matches() && missing.contains("libcudnn_" + m.group(1) + ".so." + MAJOR)) {
        return "mixed with " + other + " of another major version" + ADVICE;
      }
    }
    return missing.isEmpty() ? null : "without " + String.join(", ", missing) + ADVICE;
  }

  /**
   * Looks at the files beside the library.
   *
   * @throws UncheckedNativeException if a part is missing, or of another major version
   */
  static void check(Path library) {
    String incomplete = incomplete(library);
    if (incomplete != null) {
      throw new UncheckedNativeException("cuDNN " + library + " is " + incomplete);
    }
  }

  /**
   * The major version of the CUDA that a cuDNN was made for: its parts name the cuBLASLt that they
   * will load. 0 where none does. Nothing is loaded.
   */
  public static int cuda(Path library) {
    for (String part : List.of("adv", "engines_precompiled", "ops")) {
      Path file = library.resolveSibling("libcudnn_" + part + ".so." + MAJOR);
      try {
        int at = Files.exists(file) ? behind(file, CUBLASLT) : 0;
        if (at > 0) {
          return at;
        }
      } catch (IOException e) {
        // another part may tell
      }
    }
    return 0;
  }

  /** The number that stands behind a text in a file; 0 if there is no such text. */
  private static int behind(Path file, String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer bytes = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size());
      int at = indexOf(bytes, wanted);
      int number = 0;
      for (int i = at + wanted.length; at >= 0 && i < bytes.limit(); i++) {
        int digit = bytes.get(i) - '0';
        if (digit < 0 || digit > 9 || number > 99) {
          break;
        }
        number = 10 * number + digit;
      }
      return number;
    }
  }

  private static int indexOf(ByteBuffer bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.limit() - wanted.length; i++) {
      int n = 0;
      while (n < wanted.length && bytes.get(i + n) == wanted[n]) {
        n++;
      }
      if (n == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The parts that link to the driver, as some do from 9.28 on: where there is none they cannot be
   * loaded, and then nothing is planned. Empty where every part loads without.
   */
  public static List<Path> linkedToTheDriver(Path library) {
    List<Path> out = new ArrayList<>();
    try {
      for (String other : others(library)) {
        Path part = library.resolveSibling(other);
        if (ElfNeeds.of(part).contains(DRIVER)) {
          out.add(part);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  /**
   * @param version as {@code cudnnGetVersion} gives it: 92400 is 9.24.0
   * @throws UncheckedNativeException if it is too old
   */
  static void checkVersion(Path library, long version) {
    // Until cuDNN 8 a version was major * 1000 + minor * 100 + patch.
    long major = version / (version < 10_000 ? 1000 : 10_000);
    if (major < MAJOR) {
      throw new UncheckedNativeException(
          "cuDNN "
              + library
              + " is version "
              + major
              + ", and 9 is the oldest that works: pip install nvidia-cudnn-cu13");
    }
  }

  private static boolean wantsLater(Path library) {
    Path graph = library.resolveSibling("libcudnn_graph.so." + MAJOR);
    byte[] name = LATER_PART.getBytes(StandardCharsets.US_ASCII);
    try (FileChannel in = FileChannel.open(graph)) {
      ByteBuffer bytes = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size());
      return indexOf(bytes, name) >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> others(Path library) {
    try (var files = Files.newDirectoryStream(library.getParent(), "libcudnn_*.so.*")) {
      List<String> out = new ArrayList<>();
      files.forEach(f -> out.add(f.getFileName().toString()));
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
