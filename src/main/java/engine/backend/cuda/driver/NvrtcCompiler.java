package engine.backend.cuda.driver;

import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.backend.kernels.KernelSources;
import engine.ffi.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles the engine's kernels with NVRTC. A real architecture runs the whole way to machine code,
 * and so finds what a virtual one lets through.
 */
public final class NvrtcCompiler {
  /** What a base architecture's PTX runs on: every GPU from Turing on. */
  public static final int BASE = 75;

  /** A compiled file: PTX or machine code, and what the compiler had to say. */
  public record Compiled(byte[] code, String log) {
    /** PTX as text. */
    public String text() {
      return new String(code, StandardCharsets.US_ASCII);
    }

    /** NVRTC puts the working folder before the names of files: the same text on every machine. */
    private Compiled withoutWorkingFolder() {
      String here = "\"" + System.getProperty("user.dir") + "/";
      return new Compiled(text().replace(here, "\"cuda/").getBytes(StandardCharsets.US_ASCII), log);
    }

    private Compiled withLowestVersion() {
      return new Compiled(PtxVersion.lowest(text()).getBytes(StandardCharsets.US_ASCII), log);
    }
  }

  private final Nvrtc nvrtc;

  NvrtcCompiler(Nvrtc nvrtc) {
    this.nvrtc = nvrtc;
  }

  /**
   * The compiler that what is committed under {@code cuda} was made with, whichever others this
   * machine has.
   *
   * @throws engine.ffi.UncheckedNativeException without the Maven profile {@code cuda}
   */
  public static NvrtcCompiler pinned() {
    return new NvrtcCompiler(VendorLibraries.nvrtc(LibraryFinder.pinnedNvrtc()));
  }

  /** {@code NVRTC 12.9}. */
  public String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment v = arena.allocate(ValueLayout.JAVA_INT, 2);
      check(nvrtc.nvrtcVersion(v.address(), v.address() + 4), "nvrtcVersion", "nothing", "");
      return "NVRTC %d.%d"
          .formatted(v.getAtIndex(ValueLayout.JAVA_INT, 0), v.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }

  /**
   * PTX for {@code compute_arch}, with the source lines of its instructions, of the lowest version
   * that it needs.
   */
  public Compiled ptx(String fileName, String source, int arch) {
    return compile(fileName, source, false, "--gpu-architecture=compute_" + arch, "-lineinfo")
        .withoutWorkingFolder()
        .withLowestVersion();
  }

  /** Machine code for {@code sm_arch}; the log has registers, spills and shared memory. */
  public Compiled cubin(String fileName, String source, int arch) {
    return compile(fileName, source, true, "--gpu-architecture=sm_" + arch, "-Xptxas=-v");
  }

  private Compiled compile(String fileName, String source, boolean cubin, String... options) {
    try (Arena arena = Arena.ofConfined()) {
      List<String> headers = KernelSources.HEADERS;
      MemorySegment program = arena.allocate(ValueLayout.JAVA_LONG);
      int status =
          nvrtc.nvrtcCreateProgram(
              program.address(),
              arena.allocateFrom(source).address(),
              arena.allocateFrom(fileName).address(),
              headers.size(),
              strings(arena, headers.stream().map(KernelSources::header).toList()),
              strings(arena, headers));
      check(status, "nvrtcCreateProgram", fileName, "");
      long handle = program.get(ValueLayout.JAVA_LONG, 0);
      try {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--std=c++17");
        status = nvrtc.nvrtcCompileProgram(handle, all.size(), strings(arena, all));
        String log = log(arena, handle);
        check(status, "nvrtcCompileProgram", fileName, log);
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        status =
            cubin
                ? nvrtc.nvrtcGetCUBINSize(handle, size.address())
                : nvrtc.nvrtcGetPTXSize(handle, size.address());
        check(status, "nvrtcGet…Size", fileName, log);
        MemorySegment code = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
        status =
            cubin
                ? nvrtc.nvrtcGetCUBIN(handle, code.address())
                : nvrtc.nvrtcGetPTX(handle, code.address());
        check(status, "nvrtcGet…", fileName, log);
        // PTX ends with a NUL, which text files do not want.
        long length = cubin ? code.byteSize() : code.byteSize() - 1;
        return new Compiled(code.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), log);
      } finally {
        nvrtc.nvrtcDestroyProgram(program.address());
      }
    }
  }

  private String log(Arena arena, long program) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    if (nvrtc.nvrtcGetProgramLogSize(program, size.address()) != Nvrtc.NVRTC_SUCCESS) {
      return "";
    }
    MemorySegment text = arena.allocate(Math.max(1, size.get(ValueLayout.JAVA_LONG, 0)));
    nvrtc.nvrtcGetProgramLog(program, text.address());
    return text.getString(0);
  }

  private static long strings(Arena arena, List<String> values) {
    MemorySegment array = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, values.size()));
    for (int i = 0; i < values.size(); i++) {
      array.setAtIndex(ValueLayout.JAVA_LONG, i, arena.allocateFrom(values.get(i)).address());
    }
    return array.address();
  }

  private void check(int status, String call, String fileName, String log) {
    if (status == Nvrtc.NVRTC_SUCCESS) {
      return;
    }
    MemorySegment text =
        MemorySegment.ofAddress(nvrtc.nvrtcGetErrorString(status)).reinterpret(Long.MAX_VALUE);
    throw new CudaException(
        call
            + " of "
            + fileName
            + " failed with "
            + text.getString(0)
            + (log.isBlank() ? "" : "; the compiler says:\n" + log.strip())
            + advice(status));
  }

  private static String advice(int status) {
    return status == Nvrtc.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE
        ? "; libnvrtc-builtins.so of the same version must lie beside libnvrtc.so"
        : "";
  }
}
