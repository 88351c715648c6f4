package engine.backend.cuda.ops;

import static engine.ffi.CublasLt.CUBLASLT_EPILOGUE_BIAS;
import static engine.ffi.CublasLt.CUBLASLT_EPILOGUE_DEFAULT;
import static engine.ffi.CublasLt.CUBLASLT_EPILOGUE_RELU;
import static engine.ffi.CublasLt.CUBLASLT_EPILOGUE_RELU_BIAS;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_DESC_TRANSA;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_DESC_TRANSB;
import static engine.ffi.CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static engine.ffi.CublasLt.CUBLAS_COMPUTE_32F;
import static engine.ffi.CublasLt.CUBLAS_COMPUTE_32F_FAST_TF32;
import static engine.ffi.CublasLt.CUBLAS_COMPUTE_32I;
import static engine.ffi.CublasLt.CUBLAS_OP_N;
import static engine.ffi.CublasLt.CUBLAS_OP_T;
import static engine.ffi.CublasLt.CUBLAS_STATUS_SUCCESS;
import static engine.ffi.CublasLt.CUDA_R_16BF;
import static engine.ffi.CublasLt.CUDA_R_16F;
import static engine.ffi.CublasLt.CUDA_R_32F;
import static engine.ffi.CublasLt.CUDA_R_32I;
import static engine.ffi.CublasLt.CUDA_R_8I;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.backend.cuda.driver.CudaException;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.KernelClock;
import engine.backend.cuda.memory.CudaMemory;
import engine.ffi.CublasLt;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Matrix products by cuBLASLt, summed in fp32, bytes in int32, fp32 operands rounded to TF32 where
 * that was allowed, with the first algorithm of its heuristics that they think will work. Owner of
 * the library's handle, and of the descriptors of each kind of product made so far. They are not
 * kept for the next process, as convolutions' plans are: nothing is compiled for them, and a
 * network has a handful.
 */
public final class CublasProducts implements AutoCloseable {
  /** What cuBLAS's manual advises for Hopper: 32 MiB. */
  private static final long MOST_WORKSPACE = 32L << 20;

  /**
   * {@code cublasLtMatmulHeuristicResult_t}: the algorithm's 64 bytes, its workspace, its state.
   */
  private static final long RESULT_BYTES = 96;

  private static final long RESULT_WORKSPACE = 64;

  /** A status: results that are not success are listed, too. */
  private static final long RESULT_STATE = 72;

  /** How many algorithms are asked for. */
  private static final int ALGORITHMS = 8;

  /** What is done to the sums before they are stored; the bias is a fp32 value for each row. */
  public enum Epilogue {
    NONE(CUBLASLT_EPILOGUE_DEFAULT),
    BIAS(CUBLASLT_EPILOGUE_BIAS),
    RELU(CUBLASLT_EPILOGUE_RELU),
    RELU_BIAS(CUBLASLT_EPILOGUE_RELU_BIAS);

    private final int number;

    Epilogue(int number) {
      this.number = number;
    }

    static Epilogue of(boolean bias, boolean relu) {
      return bias ? relu ? RELU_BIAS : BIAS : relu ? RELU : NONE;
    }

    private boolean addsBias() {
      return this == BIAS || this == RELU_BIAS;
    }
  }

  /**
   * Of a product.
   *
   * @param m rows of D
   * @param n columns of D
   * @param k columns of op(A)
   */
  public record Extents(long m, long n, long k) {}

  /**
   * D = epilogue(op(A) op(B)), all by columns, as cuBLAS has them.
   *
   * @param type of A and B
   * @param result of D: F32, the type of A and B, or I32 where they are I8
   */
  public record Product(
      Extents size,
      boolean transposeA,
      boolean transposeB,
      DType type,
      DType result,
      Epilogue epilogue) {
    /** Of A, B and D, each once. */
    private double leastBytes() {
      return (double) (size.m + size.n) * size.k * type.bytes()
          + (double) size.m * size.n * result.bytes();
    }
  }

  private record Asked(Product product, boolean tf32) {}

  private record Prepared(
      long operation, long a, long b, long d, MemorySegment algorithm, long workspaceBytes) {}

  private final Gpu gpu;
  private final CudaMemory memory;
  private final KernelClock clock;
  private final Supplier<CublasLt> library;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
  private final MemorySegment wholeOne = arena.allocateFrom(JAVA_INT, 1);

  /** In fp32 and int32 alike. */
  private final MemorySegment zero = arena.allocateFrom(JAVA_FLOAT, 0);

  private final MemorySegment word = arena.allocate(JAVA_LONG);
  private final Map<Asked, Prepared> prepared = new HashMap<>();
  private boolean tf32;
  private CublasLt blas;
  private long handle;

  public CublasProducts(Gpu gpu, CudaMemory memory, KernelClock clock, Supplier<CublasLt> library) {
    this.gpu = gpu;
    this.memory = memory;
    this.clock = clock;
    this.library = library;
  }

  /** Whether products from now on may round fp32 operands to TF32. */
  public void roundToTf32(boolean on) {
    tf32 = on;
  }

  /**
   * Overwrites {@code d}.
   *
   * @param bias of {@code m} elements; null where the product has none
   */
  public void multiplyInPlace(Product p, Tensor a, Tensor b, Tensor bias, Tensor d) {
    open();
    Prepared r = prepared.computeIfAbsent(new Asked(p, tf32), this::prepare);
    if (bias != null) {
      set(r.operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias.address());
    }
    try (Tensor workspace = memory.empty(DType.U8, Shape.of(r.workspaceBytes))) {
      long before = clock.start();
      for (int run = clock.runs(); run > 0; run--) {
        check(
            blas.cublasLtMatmul(
                handle,
                r.operation,
                (p.type == DType.I8 ? wholeOne : one).address(),
                a.address(),
                r.a,
                b.address(),
                r.b,
                zero.address(),
                d.address(),
                r.d,
                d.address(),
                r.d,
                r.algorithm.address(),
                r.workspaceBytes == 0 ? 0 : workspace.address(),
                r.workspaceBytes,
                gpu.stream),
            "cublasLtMatmul",
            p);
      }
      clock.stop(before, "cublasLtMatmul", p.leastBytes());
    }
  }

  private Prepared prepare(Asked asked) {
    Product p = asked.product;
    int scale = p.type == DType.I8 ? CUDA_R_32I : CUDA_R_32F;
    check(
        blas.cublasLtMatmulDescCreate(word.address(), sums(asked), scale),
        "cublasLtMatmulDescCreate",
        p);
    long operation = word.get(JAVA_LONG, 0);
    set(operation, CUBLASLT_MATMUL_DESC_TRANSA, p.transposeA ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(operation, CUBLASLT_MATMUL_DESC_TRANSB, p.transposeB ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(operation, CUBLASLT_MATMUL_DESC_EPILOGUE, p.epilogue.number);
    if (p.epilogue.addsBias()) {
      set(operation, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, CUDA_R_32F);
    }
    long a =
        p.transposeA
            ? layout(p.type, p.size.k, p.size.m, p)
            : layout(p.type, p.size.m, p.size.k, p);
    long b =
        p.transposeB
            ? layout(p.type, p.size.n, p.size.k, p)
            : layout(p.type, p.size.k, p.size.n, p);
    long d = layout(p.result, p.size.m, p.size.n, p);
    MemorySegment result = best(p, operation, a, b, d);
    return new Prepared(operation, a, b, d, result, result.get(JAVA_LONG, RESULT_WORKSPACE));
  }

  private static int sums(Asked asked) {
    return switch (asked.product.type) {
      case I8 -> CUBLAS_COMPUTE_32I;
      case F32 -> asked.tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
      default -> CUBLAS_COMPUTE_32F;
    };
  }

  private long layout(DType type, long rows, long columns, Product p) {
    check(
        blas.cublasLtMatrixLayoutCreate(word.address(), dataType(type), rows, columns, rows),
        "cublasLtMatrixLayoutCreate",
        p);
    return word.get(JAVA_LONG, 0);
  }

  private MemorySegment best(Product p, long operation, long a, long b, long d) {
    String call = "cublasLtMatmulAlgoGetHeuristic";
    check(blas.cublasLtMatmulPreferenceCreate(word.address()), "cublasLtMatmulPreferenceCreate", p);
    long preference = word.get(JAVA_LONG, 0);
    try {
      word.set(JAVA_LONG, 0, MOST_WORKSPACE);
      check(
          blas.cublasLtMatmulPreferenceSetAttribute(
              preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, word.address(), 8),
          "cublasLtMatmulPreferenceSetAttribute",
          p);
      MemorySegment results = arena.allocate(ALGORITHMS * RESULT_BYTES, 8);
      MemorySegment found = arena.allocate(JAVA_INT);
      check(
          blas.cublasLtMatmulAlgoGetHeuristic(
              handle,
              operation,
              a,
              b,
              d,
              d,
              preference,
              ALGORITHMS,
              results.address(),
              found.address()),
          call,
          p);
      for (int i = 0; i < found.get(JAVA_INT, 0); i++) {
        MemorySegment result = results.asSlice(i * RESULT_BYTES, RESULT_BYTES);
        if (result.get(JAVA_INT, RESULT_STATE) == CUBLAS_STATUS_SUCCESS) {
          return result;
        }
      }
      throw new CudaException(
          "%s knows no way to compute %s on %s: install a newer cuBLAS; doctor says which one is used"
              .formatted(call, p, gpu.name));
    } finally {
      check(blas.cublasLtMatmulPreferenceDestroy(preference), "cublasLtMatmulPreferenceDestroy", p);
    }
  }

  private void set(long operation, int attribute, long value) {
    word.set(JAVA_LONG, 0, value);
    long bytes = attribute == CUBLASLT_MATMUL_DESC_BIAS_POINTER ? 8 : 4;
    check(
        blas.cublasLtMatmulDescSetAttribute(operation, attribute, word.address(), bytes),
        "cublasLtMatmulDescSetAttribute",
        "attribute " + attribute);
  }

  private static int dataType(DType type) {
    return switch (type) {
      case F32 -> CUDA_R_32F;
      case F16 -> CUDA_R_16F;
      case BF16 -> CUDA_R_16BF;
      case I8 -> CUDA_R_8I;
      case I32 -> CUDA_R_32I;
      default -> throw new IllegalArgumentException("cuBLASLt multiplies no " + type + " here");
    };
  }

  private void open() {
    if (blas != null) {
      return;
    }
    blas = library.get();
    check(blas.cublasLtCreate(word.address()), "cublasLtCreate", gpu.name);
    handle = word.get(JAVA_LONG, 0);
  }

  private void check(int status, String call, Object what) {
    if (status != CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(
          "%s (%s) failed with %s (%d): %s"
              .formatted(
                  call,
                  what,
                  text(blas.cublasLtGetStatusName(status)),
                  status,
                  text(blas.cublasLtGetStatusString(status))));
    }
  }

  private static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  @Override
  public void close() {
    prepared.forEach(
        (p, r) -> {
          check(blas.cublasLtMatmulDescDestroy(r.operation), "cublasLtMatmulDescDestroy", p);
          for (long layout : new long[] {r.a, r.b, r.d}) {
            check(blas.cublasLtMatrixLayoutDestroy(layout), "cublasLtMatrixLayoutDestroy", p);
          }
        });
    prepared.clear();
    if (blas != null) {
      check(blas.cublasLtDestroy(handle), "cublasLtDestroy", gpu.name);
      blas = null;
    }
    arena.close();
  }
}
