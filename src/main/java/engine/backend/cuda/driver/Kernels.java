package engine.backend.cuda.driver;

import engine.backend.kernels.KernelSources;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernels of {@code cuda/*.ptx} on one GPU: a family is loaded when its first kernel is used.
 */
public final class Kernels implements AutoCloseable {
  private static final Pattern ENTRY =
      Pattern.compile("\\.visible \\.entry (\\w+)\\((?<parameters>[^)]*)\\)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\.param (?:\\.align \\d+ )?\\.[a-z](?<bits>\\d+)(?: \\.ptr.*?\\.align \\d+)?\\s+\\w+(?:\\[(?<n>\\d+)])?");
  private static final int LOG_BYTES = 8192;

  /**
   * A kernel.
   *
   * @param function the driver's handle
   * @param parameterBytes sizes of its parameters, as its PTX declares them
   */
  record Kernel(String name, long function, int[] parameterBytes) {}

  private final Gpu gpu;
  private final Map<String, String> familyOf = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final List<Long> modules = new ArrayList<>();

  public Kernels(Gpu gpu) {
    this.gpu = gpu;
    KernelSources.kernels()
        .forEach((family, names) -> names.forEach(name -> familyOf.put(name, family)));
  }

  /** A kernel by its name. */
  Kernel get(String name) {
    Kernel k = kernels.get(name);
    if (k == null) {
      String family = familyOf.get(name);
      if (family == null) {
        throw new IllegalArgumentException("there is no kernel " + name + " in cuda/");
      }
      load(family);
      k = kernels.get(name);
    }
    return k;
  }

  private void load(String family) {
    String ptx = KernelSources.ptx(family);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment log = arena.allocate(LOG_BYTES);
      int[] options = {
        CudaDriver.CU_JIT_ERROR_LOG_BUFFER,
        CudaDriver.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
        CudaDriver.CU_JIT_GENERATE_LINE_INFO
      };
      // The driver writes the length of the log over the size of its buffer.
      MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, log.address(), LOG_BYTES, 1);
      int status =
          gpu.driver.cuModuleLoadDataEx(
              out.address(),
              arena.allocateFrom(ptx).address(),
              options.length,
              arena.allocateFrom(ValueLayout.JAVA_INT, options).address(),
              values.address());
      String said = log.getString(0).strip();
      gpu.errors.check(
          status,
          "cuModuleLoadDataEx",
          "cuda/" + family + ".ptx" + (said.isEmpty() ? "" : ": " + said));
      long module = out.get(ValueLayout.JAVA_LONG, 0);
      modules.add(module);
      Matcher entry = ENTRY.matcher(ptx);
      while (entry.find()) {
        String name = entry.group(1);
        gpu.errors.check(
            gpu.driver.cuModuleGetFunction(
                out.address(), module, arena.allocateFrom(name).address()),
            "cuModuleGetFunction",
            name);
        kernels.put(
            name,
            new Kernel(name, out.get(ValueLayout.JAVA_LONG, 0), sizes(entry.group("parameters"))));
      }
    }
  }

  private static int[] sizes(String parameters) {
    return PARAMETER
        .matcher(parameters)
        .results()
        .mapToInt(
            m -> {
              String n = m.group("n");
              return Integer.parseInt(m.group("bits")) / 8 * (n == null ? 1 : Integer.parseInt(n));
            })
        .toArray();
  }

  @Override
  public void close() {
    for (long m : modules) {
      gpu.errors.check(gpu.driver.cuModuleUnload(m), "cuModuleUnload", "");
    }
    modules.clear();
    kernels.clear();
  }
}
