package engine.backend.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The kernel files that lie in the jar under {@code cuda}: CUDA C++ and the PTX made of it. */
public final class KernelSources {
  /** The families, a {@code .cu} file each. */
  public static final List<String> FAMILIES =
      List.of(
          "accuracy",
          "activation",
          "adamw",
          "batch_norm",
          "binary",
          "cast",
          "cross_entropy",
          "dropout",
          "fake_quant",
          "global_pool",
          "grad_norm",
          "int8",
          "layer_norm",
          "layout",
          "pixels",
          "planted",
          "pool",
          "reduce",
          "residual",
          "sgd",
          "softmax");

  /** What they include. */
  public static final List<String> HEADERS =
      List.of("common.cuh", "formats.cuh", "multi_tensor.cuh");

  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");

  private KernelSources() {}

  /** CUDA C++ of a family. */
  public static String source(String family) {
    return text(family + ".cu");
  }

  /** PTX of a family, for every GPU from sm_75 on. */
  public static String ptx(String family) {
    return text(family + ".ptx");
  }

  public static String header(String name) {
    return text(name);
  }

  /** Kernels by family, in the order of the file. */
  public static Map<String, List<String>> kernels() {
    return Collections.unmodifiableMap(Kernels.BY_FAMILY);
  }

  /** Read when first asked for. */
  private static final class Kernels {
    static final Map<String, List<String>> BY_FAMILY = new LinkedHashMap<>();

    static {
      FAMILIES.forEach(family -> BY_FAMILY.put(family, kernelsIn(ptx(family))));
    }
  }

  /** The kernels of a PTX text, in its order. */
  public static List<String> kernelsIn(String ptx) {
    return ENTRY.matcher(ptx).results().map(m -> m.group(1)).toList();
  }

  /** A file of the folder. */
  static String text(String file) {
    try (InputStream in = KernelSources.class.getResourceAsStream("/cuda/" + file)) {
      if (in == null) {
        throw new IllegalStateException(
            "the jar holds no cuda/" + file + ": build it again with ./engine or mvn package");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
