package engine.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * NVRTC, which compiles CUDA C++, libnvrtc.so, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/nvrtc.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Nvrtc {
  public static final int NVRTC_SUCCESS = 0;
  public static final int NVRTC_ERROR_OUT_OF_MEMORY = 1;
  public static final int NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2;
  public static final int NVRTC_ERROR_INVALID_INPUT = 3;
  public static final int NVRTC_ERROR_INVALID_PROGRAM = 4;
  public static final int NVRTC_ERROR_INVALID_OPTION = 5;
  public static final int NVRTC_ERROR_COMPILATION = 6;
  public static final int NVRTC_ERROR_BUILTIN_OPERATION_FAILURE = 7;

  /** The C signature of each function, by its name. */
  public static final Map<String, FunctionDescriptor> FUNCTIONS = functions();

  private static final MethodHandle nvrtcGetErrorString$mh = Native.handle("li");
  private static final MethodHandle nvrtcVersion$mh = Native.handle("ill");
  private static final MethodHandle nvrtcCreateProgram$mh = Native.handle("illlill");
  private static final MethodHandle nvrtcDestroyProgram$mh = Native.handle("il");
  private static final MethodHandle nvrtcCompileProgram$mh = Native.handle("ilil");
  private static final MethodHandle nvrtcGetPTXSize$mh = Native.handle("ill");
  private static final MethodHandle nvrtcGetPTX$mh = Native.handle("ill");
  private static final MethodHandle nvrtcGetCUBINSize$mh = Native.handle("ill");
  private static final MethodHandle nvrtcGetCUBIN$mh = Native.handle("ill");
  private static final MethodHandle nvrtcGetProgramLogSize$mh = Native.handle("ill");
  private static final MethodHandle nvrtcGetProgramLog$mh = Native.handle("ill");

  private final MemorySegment nvrtcGetErrorString$address;
  private final MemorySegment nvrtcVersion$address;
  private final MemorySegment nvrtcCreateProgram$address;
  private final MemorySegment nvrtcDestroyProgram$address;
  private final MemorySegment nvrtcCompileProgram$address;
  private final MemorySegment nvrtcGetPTXSize$address;
  private final MemorySegment nvrtcGetPTX$address;
  private final MemorySegment nvrtcGetCUBINSize$address;
  private final MemorySegment nvrtcGetCUBIN$address;
  private final MemorySegment nvrtcGetProgramLogSize$address;
  private final MemorySegment nvrtcGetProgramLog$address;

  /**
   * @param library the real one, or anything else that has functions of these names
   * @throws UnsatisfiedLinkError naming the first function that {@code library} lacks
   */
  public Nvrtc(SymbolLookup library) {
    nvrtcGetErrorString$address = Native.symbol(library, "nvrtcGetErrorString");
    nvrtcVersion$address = Native.symbol(library, "nvrtcVersion");
    nvrtcCreateProgram$address = Native.symbol(library, "nvrtcCreateProgram");
    nvrtcDestroyProgram$address = Native.symbol(library, "nvrtcDestroyProgram");
    nvrtcCompileProgram$address = Native.symbol(library, "nvrtcCompileProgram");
    nvrtcGetPTXSize$address = Native.symbol(library, "nvrtcGetPTXSize");
    nvrtcGetPTX$address = Native.symbol(library, "nvrtcGetPTX");
    nvrtcGetCUBINSize$address = Native.symbol(library, "nvrtcGetCUBINSize");
    nvrtcGetCUBIN$address = Native.symbol(library, "nvrtcGetCUBIN");
    nvrtcGetProgramLogSize$address = Native.symbol(library, "nvrtcGetProgramLogSize");
    nvrtcGetProgramLog$address = Native.symbol(library, "nvrtcGetProgramLog");
  }

  /** {@code const char * nvrtcGetErrorString(nvrtcResult result)}. */
  public long nvrtcGetErrorString(int result) {
    try {
      return (long) nvrtcGetErrorString$mh.invokeExact(nvrtcGetErrorString$address, result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcVersion(int *major, int *minor)}. */
  public int nvrtcVersion(long major, long minor) {
    try {
      return (int) nvrtcVersion$mh.invokeExact(nvrtcVersion$address, major, minor);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcCreateProgram(nvrtcProgram *prog, const char *src, const char *name, int numHeaders, const char *const *headers, const char *const *includeNames)}. */
  public int nvrtcCreateProgram(long prog, long src, long name, int numHeaders, long headers, long includeNames) {
    try {
      return (int) nvrtcCreateProgram$mh.invokeExact(nvrtcCreateProgram$address, prog, src, name, numHeaders, headers, includeNames);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcDestroyProgram(nvrtcProgram *prog)}. */
  public int nvrtcDestroyProgram(long prog) {
    try {
      return (int) nvrtcDestroyProgram$mh.invokeExact(nvrtcDestroyProgram$address, prog);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, const char *const *options)}. */
  public int nvrtcCompileProgram(long prog, int numOptions, long options) {
    try {
      return (int) nvrtcCompileProgram$mh.invokeExact(nvrtcCompileProgram$address, prog, numOptions, options);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, size_t *ptxSizeRet)}. */
  public int nvrtcGetPTXSize(long prog, long ptxSizeRet) {
    try {
      return (int) nvrtcGetPTXSize$mh.invokeExact(nvrtcGetPTXSize$address, prog, ptxSizeRet);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetPTX(nvrtcProgram prog, char *ptx)}. */
  public int nvrtcGetPTX(long prog, long ptx) {
    try {
      return (int) nvrtcGetPTX$mh.invokeExact(nvrtcGetPTX$address, prog, ptx);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, size_t *cubinSizeRet)}. */
  public int nvrtcGetCUBINSize(long prog, long cubinSizeRet) {
    try {
      return (int) nvrtcGetCUBINSize$mh.invokeExact(nvrtcGetCUBINSize$address, prog, cubinSizeRet);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, char *cubin)}. */
  public int nvrtcGetCUBIN(long prog, long cubin) {
    try {
      return (int) nvrtcGetCUBIN$mh.invokeExact(nvrtcGetCUBIN$address, prog, cubin);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, size_t *logSizeRet)}. */
  public int nvrtcGetProgramLogSize(long prog, long logSizeRet) {
    try {
      return (int) nvrtcGetProgramLogSize$mh.invokeExact(nvrtcGetProgramLogSize$address, prog, logSizeRet);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, char *log)}. */
  public int nvrtcGetProgramLog(long prog, long log) {
    try {
      return (int) nvrtcGetProgramLog$mh.invokeExact(nvrtcGetProgramLog$address, prog, log);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static Map<String, FunctionDescriptor> functions() {
    Map<String, FunctionDescriptor> m = new LinkedHashMap<>();
    m.put("nvrtcGetErrorString", Native.descriptor("li"));
    m.put("nvrtcVersion", Native.descriptor("ill"));
    m.put("nvrtcCreateProgram", Native.descriptor("illlill"));
    m.put("nvrtcDestroyProgram", Native.descriptor("il"));
    m.put("nvrtcCompileProgram", Native.descriptor("ilil"));
    m.put("nvrtcGetPTXSize", Native.descriptor("ill"));
    m.put("nvrtcGetPTX", Native.descriptor("ill"));
    m.put("nvrtcGetCUBINSize", Native.descriptor("ill"));
    m.put("nvrtcGetCUBIN", Native.descriptor("ill"));
    m.put("nvrtcGetProgramLogSize", Native.descriptor("ill"));
    m.put("nvrtcGetProgramLog", Native.descriptor("ill"));
    return m;
  }
}
