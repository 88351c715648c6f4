package engine.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * cuBLASLt, libcublasLt.so, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/cublaslt.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class CublasLt {
  public static final int CUBLAS_STATUS_SUCCESS = 0;
  public static final int CUBLAS_STATUS_NOT_INITIALIZED = 1;
  public static final int CUBLAS_STATUS_ALLOC_FAILED = 3;
  public static final int CUBLAS_STATUS_INVALID_VALUE = 7;
  public static final int CUBLAS_STATUS_ARCH_MISMATCH = 8;
  public static final int CUBLAS_STATUS_EXECUTION_FAILED = 13;
  public static final int CUBLAS_STATUS_INTERNAL_ERROR = 14;
  public static final int CUBLAS_STATUS_NOT_SUPPORTED = 15;
  public static final int CUBLAS_COMPUTE_32F = 68;
  public static final int CUBLAS_COMPUTE_32F_FAST_TF32 = 77;
  public static final int CUBLAS_COMPUTE_32I = 72;
  public static final int CUDA_R_32F = 0;
  public static final int CUDA_R_16F = 2;
  public static final int CUDA_R_8I = 3;
  public static final int CUDA_R_32I = 10;
  public static final int CUDA_R_16BF = 14;
  public static final int CUBLAS_OP_N = 0;
  public static final int CUBLAS_OP_T = 1;
  public static final int CUBLASLT_ORDER_COL = 0;
  public static final int CUBLASLT_ORDER_ROW = 1;
  public static final int CUBLASLT_MATRIX_LAYOUT_ORDER = 1;
  public static final int CUBLASLT_MATMUL_DESC_POINTER_MODE = 2;
  public static final int CUBLASLT_MATMUL_DESC_TRANSA = 3;
  public static final int CUBLASLT_MATMUL_DESC_TRANSB = 4;
  public static final int CUBLASLT_MATMUL_DESC_EPILOGUE = 7;
  public static final int CUBLASLT_MATMUL_DESC_BIAS_POINTER = 8;
  public static final int CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE = 26;
  public static final int CUBLASLT_EPILOGUE_DEFAULT = 1;
  public static final int CUBLASLT_EPILOGUE_RELU = 2;
  public static final int CUBLASLT_EPILOGUE_BIAS = 4;
  public static final int CUBLASLT_EPILOGUE_RELU_BIAS = 6;
  public static final int CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES = 1;

  /** The C signature of each function, by its name. */
  public static final Map<String, FunctionDescriptor> FUNCTIONS = functions();

  private static final MethodHandle cublasLtGetVersion$mh = Native.handle("l");
  private static final MethodHandle cublasLtGetStatusName$mh = Native.handle("li");
  private static final MethodHandle cublasLtGetStatusString$mh = Native.handle("li");
  private static final MethodHandle cublasLtCreate$mh = Native.handle("il");
  private static final MethodHandle cublasLtDestroy$mh = Native.handle("il");
  private static final MethodHandle cublasLtMatmulDescCreate$mh = Native.handle("ilii");
  private static final MethodHandle cublasLtMatmulDescDestroy$mh = Native.handle("il");
  private static final MethodHandle cublasLtMatmulDescSetAttribute$mh = Native.handle("ilill");
  private static final MethodHandle cublasLtMatrixLayoutCreate$mh = Native.handle("ililll");
  private static final MethodHandle cublasLtMatrixLayoutDestroy$mh = Native.handle("il");
  private static final MethodHandle cublasLtMatrixLayoutSetAttribute$mh = Native.handle("ilill");
  private static final MethodHandle cublasLtMatmulPreferenceCreate$mh = Native.handle("il");
  private static final MethodHandle cublasLtMatmulPreferenceDestroy$mh = Native.handle("il");
  private static final MethodHandle cublasLtMatmulPreferenceSetAttribute$mh = Native.handle("ilill");
  private static final MethodHandle cublasLtMatmulAlgoGetHeuristic$mh = Native.handle("illlllllill");
  private static final MethodHandle cublasLtMatmul$mh = Native.handle("illllllllllllllll");

  private final MemorySegment cublasLtGetVersion$address;
  private final MemorySegment cublasLtGetStatusName$address;
  private final MemorySegment cublasLtGetStatusString$address;
  private final MemorySegment cublasLtCreate$address;
  private final MemorySegment cublasLtDestroy$address;
  private final MemorySegment cublasLtMatmulDescCreate$address;
  private final MemorySegment cublasLtMatmulDescDestroy$address;
  private final MemorySegment cublasLtMatmulDescSetAttribute$address;
  private final MemorySegment cublasLtMatrixLayoutCreate$address;
  private final MemorySegment cublasLtMatrixLayoutDestroy$address;
  private final MemorySegment cublasLtMatrixLayoutSetAttribute$address;
  private final MemorySegment cublasLtMatmulPreferenceCreate$address;
  private final MemorySegment cublasLtMatmulPreferenceDestroy$address;
  private final MemorySegment cublasLtMatmulPreferenceSetAttribute$address;
  private final MemorySegment cublasLtMatmulAlgoGetHeuristic$address;
  private final MemorySegment cublasLtMatmul$address;

  /**
   * @param library the real one, or anything else that has functions of these names
   * @throws UnsatisfiedLinkError naming the first function that {@code library} lacks
   */
  public CublasLt(SymbolLookup library) {
    cublasLtGetVersion$address = Native.symbol(library, "cublasLtGetVersion");
    cublasLtGetStatusName$address = Native.symbol(library, "cublasLtGetStatusName");
    cublasLtGetStatusString$address = Native.symbol(library, "cublasLtGetStatusString");
    cublasLtCreate$address = Native.symbol(library, "cublasLtCreate");
    cublasLtDestroy$address = Native.symbol(library, "cublasLtDestroy");
    cublasLtMatmulDescCreate$address = Native.symbol(library, "cublasLtMatmulDescCreate");
    cublasLtMatmulDescDestroy$address = Native.symbol(library, "cublasLtMatmulDescDestroy");
    cublasLtMatmulDescSetAttribute$address = Native.symbol(library, "cublasLtMatmulDescSetAttribute");
    cublasLtMatrixLayoutCreate$address = Native.symbol(library, "cublasLtMatrixLayoutCreate");
    cublasLtMatrixLayoutDestroy$address = Native.symbol(library, "cublasLtMatrixLayoutDestroy");
    cublasLtMatrixLayoutSetAttribute$address = Native.symbol(library, "cublasLtMatrixLayoutSetAttribute");
    cublasLtMatmulPreferenceCreate$address = Native.symbol(library, "cublasLtMatmulPreferenceCreate");
    cublasLtMatmulPreferenceDestroy$address = Native.symbol(library, "cublasLtMatmulPreferenceDestroy");
    cublasLtMatmulPreferenceSetAttribute$address = Native.symbol(library, "cublasLtMatmulPreferenceSetAttribute");
    cublasLtMatmulAlgoGetHeuristic$address = Native.symbol(library, "cublasLtMatmulAlgoGetHeuristic");
    cublasLtMatmul$address = Native.symbol(library, "cublasLtMatmul");
  }

  /** {@code size_t cublasLtGetVersion()}. */
  public long cublasLtGetVersion() {
    try {
      return (long) cublasLtGetVersion$mh.invokeExact(cublasLtGetVersion$address);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code const char * cublasLtGetStatusName(cublasStatus_t status)}. */
  public long cublasLtGetStatusName(int status) {
    try {
      return (long) cublasLtGetStatusName$mh.invokeExact(cublasLtGetStatusName$address, status);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code const char * cublasLtGetStatusString(cublasStatus_t status)}. */
  public long cublasLtGetStatusString(int status) {
    try {
      return (long) cublasLtGetStatusString$mh.invokeExact(cublasLtGetStatusString$address, status);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtCreate(cublasLtHandle_t *lightHandle)}. */
  public int cublasLtCreate(long lightHandle) {
    try {
      return (int) cublasLtCreate$mh.invokeExact(cublasLtCreate$address, lightHandle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtDestroy(cublasLtHandle_t lightHandle)}. */
  public int cublasLtDestroy(long lightHandle) {
    try {
      return (int) cublasLtDestroy$mh.invokeExact(cublasLtDestroy$address, lightHandle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t *matmulDesc, cublasComputeType_t computeType, cudaDataType_t scaleType)}. */
  public int cublasLtMatmulDescCreate(long matmulDesc, int computeType, int scaleType) {
    try {
      return (int) cublasLtMatmulDescCreate$mh.invokeExact(cublasLtMatmulDescCreate$address, matmulDesc, computeType, scaleType);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t matmulDesc)}. */
  public int cublasLtMatmulDescDestroy(long matmulDesc) {
    try {
      return (int) cublasLtMatmulDescDestroy$mh.invokeExact(cublasLtMatmulDescDestroy$address, matmulDesc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t matmulDesc, cublasLtMatmulDescAttributes_t attr, const void *buf, size_t sizeInBytes)}. */
  public int cublasLtMatmulDescSetAttribute(long matmulDesc, int attr, long buf, long sizeInBytes) {
    try {
      return (int) cublasLtMatmulDescSetAttribute$mh.invokeExact(cublasLtMatmulDescSetAttribute$address, matmulDesc, attr, buf, sizeInBytes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t *matLayout, cudaDataType type, uint64_t rows, uint64_t cols, int64_t ld)}. */
  public int cublasLtMatrixLayoutCreate(long matLayout, int type, long rows, long cols, long ld) {
    try {
      return (int) cublasLtMatrixLayoutCreate$mh.invokeExact(cublasLtMatrixLayoutCreate$address, matLayout, type, rows, cols, ld);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t matLayout)}. */
  public int cublasLtMatrixLayoutDestroy(long matLayout) {
    try {
      return (int) cublasLtMatrixLayoutDestroy$mh.invokeExact(cublasLtMatrixLayoutDestroy$address, matLayout);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t matLayout, cublasLtMatrixLayoutAttribute_t attr, const void *buf, size_t sizeInBytes)}. */
  public int cublasLtMatrixLayoutSetAttribute(long matLayout, int attr, long buf, long sizeInBytes) {
    try {
      return (int) cublasLtMatrixLayoutSetAttribute$mh.invokeExact(cublasLtMatrixLayoutSetAttribute$address, matLayout, attr, buf, sizeInBytes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t *pref)}. */
  public int cublasLtMatmulPreferenceCreate(long pref) {
    try {
      return (int) cublasLtMatmulPreferenceCreate$mh.invokeExact(cublasLtMatmulPreferenceCreate$address, pref);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t pref)}. */
  public int cublasLtMatmulPreferenceDestroy(long pref) {
    try {
      return (int) cublasLtMatmulPreferenceDestroy$mh.invokeExact(cublasLtMatmulPreferenceDestroy$address, pref);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t pref, cublasLtMatmulPreferenceAttributes_t attr, const void *buf, size_t sizeInBytes)}. */
  public int cublasLtMatmulPreferenceSetAttribute(long pref, int attr, long buf, long sizeInBytes) {
    try {
      return (int) cublasLtMatmulPreferenceSetAttribute$mh.invokeExact(cublasLtMatmulPreferenceSetAttribute$address, pref, attr, buf, sizeInBytes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t operationDesc, cublasLtMatrixLayout_t Adesc, cublasLtMatrixLayout_t Bdesc, cublasLtMatrixLayout_t Cdesc, cublasLtMatrixLayout_t Ddesc, cublasLtMatmulPreference_t preference, int requestedAlgoCount, void *heuristicResultsArray, int *returnAlgoCount)}. */
  public int cublasLtMatmulAlgoGetHeuristic(long lightHandle, long operationDesc, long Adesc, long Bdesc, long Cdesc, long Ddesc, long preference, int requestedAlgoCount, long heuristicResultsArray, long returnAlgoCount) {
    try {
      return (int) cublasLtMatmulAlgoGetHeuristic$mh.invokeExact(cublasLtMatmulAlgoGetHeuristic$address, lightHandle, operationDesc, Adesc, Bdesc, Cdesc, Ddesc, preference, requestedAlgoCount, heuristicResultsArray, returnAlgoCount);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cublasStatus_t cublasLtMatmul(cublasLtHandle_t lightHandle, cublasLtMatmulDesc_t computeDesc, const void *alpha, const void *A, cublasLtMatrixLayout_t Adesc, const void *B, cublasLtMatrixLayout_t Bdesc, const void *beta, const void *C, cublasLtMatrixLayout_t Cdesc, void *D, cublasLtMatrixLayout_t Ddesc, const void *algo, void *workspace, size_t workspaceSizeInBytes, cudaStream_t stream)}. */
  public int cublasLtMatmul(long lightHandle, long computeDesc, long alpha, long A, long Adesc, long B, long Bdesc, long beta, long C, long Cdesc, long D, long Ddesc, long algo, long workspace, long workspaceSizeInBytes, long stream) {
    try {
      return (int) cublasLtMatmul$mh.invokeExact(cublasLtMatmul$address, lightHandle, computeDesc, alpha, A, Adesc, B, Bdesc, beta, C, Cdesc, D, Ddesc, algo, workspace, workspaceSizeInBytes, stream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static Map<String, FunctionDescriptor> functions() {
    Map<String, FunctionDescriptor> m = new LinkedHashMap<>();
    m.put("cublasLtGetVersion", Native.descriptor("l"));
    m.put("cublasLtGetStatusName", Native.descriptor("li"));
    m.put("cublasLtGetStatusString", Native.descriptor("li"));
    m.put("cublasLtCreate", Native.descriptor("il"));
    m.put("cublasLtDestroy", Native.descriptor("il"));
    m.put("cublasLtMatmulDescCreate", Native.descriptor("ilii"));
    m.put("cublasLtMatmulDescDestroy", Native.descriptor("il"));
    m.put("cublasLtMatmulDescSetAttribute", Native.descriptor("ilill"));
    m.put("cublasLtMatrixLayoutCreate", Native.descriptor("ililll"));
    m.put("cublasLtMatrixLayoutDestroy", Native.descriptor("il"));
    m.put("cublasLtMatrixLayoutSetAttribute", Native.descriptor("ilill"));
    m.put("cublasLtMatmulPreferenceCreate", Native.descriptor("il"));
    m.put("cublasLtMatmulPreferenceDestroy", Native.descriptor("il"));
    m.put("cublasLtMatmulPreferenceSetAttribute", Native.descriptor("ilill"));
    m.put("cublasLtMatmulAlgoGetHeuristic", Native.descriptor("illlllllill"));
    m.put("cublasLtMatmul", Native.descriptor("illllllllllllllll"));
    return m;
  }
}
