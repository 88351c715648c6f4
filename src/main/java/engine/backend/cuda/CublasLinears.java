package engine.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.backend.Linears;
import engine.backend.UnsupportedOnDeviceException;
import engine.ffi.CublasLt;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Matrix products by cuBLASLt. It counts by columns, so each row-major matrix goes in as its
 * transpose, and each result comes out as one. Sums are in fp32; a product is prepared for each
 * shape and kept.
 */
final class CublasLinears implements Linears, AutoCloseable {
  private static final long WORKSPACE_BYTES = 32 << 20;

  /** {@code cublasLtMatmulHeuristicResult_t}: the algorithm, its workspace, state, waves. */
  private static final int RESULT_BYTES = 96;

  private static final int RESULT_WORKSPACE = 64;

  /**
   * A product of column-major matrices, [m, k] by [k, n], each perhaps stored transposed.
   *
   * @param type of the operands; the result is fp32
   */
  private record Key(
      DType type, long m, long n, long k, boolean transposeA, boolean transposeB, boolean bias) {}

  /** What a product is called with; {@code algorithm} in the arena of the linears. */
  private record Product(
      long operation, long a, long b, long d, MemorySegment algorithm, long workspaceBytes) {}

  private final Gpu gpu;
  private final CudaMemory memory;
  private final CudaReductions reductions;
  private final CublasLt blas;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
  private final MemorySegment zero = arena.allocateFrom(JAVA_FLOAT, 0);
  private final MemorySegment pointer = arena.allocate(JAVA_LONG);
  private final long handle;
  private final Map<Key, Product> products = new HashMap<>();

  CublasLinears(Gpu gpu, CudaMemory memory, CudaReductions reductions, CublasLt blas) {
    this.gpu = gpu;
    this.memory = memory;
    this.reductions = reductions;
    this.blas = blas;
    handle = created(out -> blas.cublasLtCreate(out), "cublasLtCreate");
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    if (x.shape().rank() != 2 || w.shape().rank() != 2 || x.shape().dim(1) != w.shape().dim(1)) {
      throw new IllegalArgumentException(
          "a linear layer of weight " + w.shape() + " does not take an input " + x.shape());
    }
    long n = x.shape().dim(0);
    long o = w.shape().dim(0);
    try (Tensor products = memory.cast(w, x.dtype())) {
      Key key = new Key(x.dtype(), o, n, x.shape().dim(1), true, false, bias != null);
      return multiply(key, products, x, bias, Shape.of(n, o));
    }
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Tensor x) {
    long n = dy.shape().dim(0);
    long o = dy.shape().dim(1);
    long i = w.shape().dim(1);
    try (Tensor g = memory.cast(dy, DType.F32);
        Tensor wide = memory.cast(w, DType.F32);
        Tensor dx =
            multiply(new Key(DType.F32, i, n, o, false, false, false), wide, g, null, x.shape())) {
      return memory.cast(dx, x.dtype());
    }
  }

  @Override
  public Tensor backwardWeight(Tensor dy, Tensor x) {
    long n = dy.shape().dim(0);
    long o = dy.shape().dim(1);
    long i = x.shape().dim(1);
    try (Tensor g = memory.cast(dy, DType.F32);
        Tensor wide = memory.cast(x, DType.F32)) {
      Key key = new Key(DType.F32, i, o, n, false, true, false);
      return multiply(key, wide, g, null, Shape.of(o, i));
    }
  }

  @Override
  public Tensor backwardBias(Tensor dy) {
    try (Tensor g = memory.cast(dy, DType.F32)) {
      return reductions.sum(g, new int[] {0}, false);
    }
  }

  private Tensor multiply(Key key, Tensor a, Tensor b, Tensor bias, Shape shape) {
    Product p = products.computeIfAbsent(key, this::prepare);
    Tensor d = memory.empty(DType.F32, shape);
    if (bias != null) {
      pointer.set(JAVA_LONG, 0, bias.address());
      set(p.operation, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER, pointer);
    }
    try (Tensor workspace =
        p.workspaceBytes == 0 ? null : memory.empty(DType.U8, Shape.of(p.workspaceBytes))) {
      check(
          blas.cublasLtMatmul(
              handle,
              p.operation,
              one.address(),
              a.address(),
              p.a,
              b.address(),
              p.b,
              zero.address(),
              d.address(),
              p.d,
              d.address(),
              p.d,
              p.algorithm.address(),
              workspace == null ? 0 : workspace.address(),
              p.workspaceBytes,
              gpu.stream),
          "cublasLtMatmul",
          key.toString());
    }
    return d;
  }

  private Product prepare(Key key) {
    long operation =
        created(
            out ->
                blas.cublasLtMatmulDescCreate(
                    out, CublasLt.CUBLAS_COMPUTE_32F, CublasLt.CUDA_R_32F),
            "cublasLtMatmulDescCreate");
    setInt(operation, CublasLt.CUBLASLT_MATMUL_DESC_TRANSA, key.transposeA ? 1 : 0);
    setInt(operation, CublasLt.CUBLASLT_MATMUL_DESC_TRANSB, key.transposeB ? 1 : 0);
    if (key.bias) {
      setInt(
          operation, CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, CublasLt.CUBLASLT_EPILOGUE_BIAS);
    }
    int type = type(key.type);
    long a = key.transposeA ? layout(type, key.k, key.m) : layout(type, key.m, key.k);
    long b = key.transposeB ? layout(type, key.n, key.k) : layout(type, key.k, key.n);
    long d = layout(CublasLt.CUDA_R_32F, key.m, key.n);
    return choose(key, operation, a, b, d);
  }

  private Product choose(Key key, long operation, long a, long b, long d) {
    long preference =
        created(blas::cublasLtMatmulPreferenceCreate, "cublasLtMatmulPreferenceCreate");
    MemorySegment most = arena.allocateFrom(JAVA_LONG, WORKSPACE_BYTES);
    check(
        blas.cublasLtMatmulPreferenceSetAttribute(
            preference,
            CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
            most.address(),
            most.byteSize()),
        "cublasLtMatmulPreferenceSetAttribute",
        "");
    MemorySegment result = arena.allocate(RESULT_BYTES, 8);
    MemorySegment count = arena.allocate(JAVA_INT);
    check(
        blas.cublasLtMatmulAlgoGetHeuristic(
            handle, operation, a, b, d, d, preference, 1, result.address(), count.address()),
        "cublasLtMatmulAlgoGetHeuristic",
        key.toString());
    check(
        blas.cublasLtMatmulPreferenceDestroy(preference), "cublasLtMatmulPreferenceDestroy", "");
    if (count.get(JAVA_INT, 0) < 1) {
      throw new UnsupportedOnDeviceException("cuBLASLt has no algorithm for " + key);
    }
    return new Product(operation, a, b, d, result, result.get(JAVA_LONG, RESULT_WORKSPACE));
  }

  private static int type(DType type) {
    return switch (type) {
      case F32 -> CublasLt.CUDA_R_32F;
      case F16 -> CublasLt.CUDA_R_16F;
      case BF16 -> CublasLt.CUDA_R_16BF;
      default -> throw new UnsupportedOnDeviceException("a GPU multiplies no " + type);
    };
  }

  /** A column-major matrix without gaps. */
  private long layout(int type, long rows, long columns) {
    return created(
        out -> blas.cublasLtMatrixLayoutCreate(out, type, rows, columns, rows),
        "cublasLtMatrixLayoutCreate");
  }

  private void setInt(long operation, int attribute, int value) {
    set(operation, attribute, arena.allocateFrom(JAVA_INT, value));
  }

  private void set(long operation, int attribute, MemorySegment value) {
    check(
        blas.cublasLtMatmulDescSetAttribute(
            operation, attribute, value.address(), value.byteSize()),
        "cublasLtMatmulDescSetAttribute",
        "attribute " + attribute);
  }

  /** A call that writes a handle where it is told. */
  private interface Creation {
    int create(long out);
  }

  private long created(Creation creation, String call) {
    try (Arena once = Arena.ofConfined()) {
      MemorySegment out = once.allocate(JAVA_LONG);
      check(creation.create(out.address()), call, gpu.name);
      return out.get(JAVA_LONG, 0);
    }
  }

  private void check(int status, String call, String what) {
    if (status != CublasLt.CUBLAS_STATUS_SUCCESS) {
      MemorySegment text =
          MemorySegment.ofAddress(blas.cublasLtGetStatusString(status)).reinterpret(Long.MAX_VALUE);
      throw new CudaException(
          "%s (%s) failed with %d: %s".formatted(call, what, status, text.getString(0)));
    }
  }

  @Override
  public void close() {
    for (Product p : products.values()) {
      check(blas.cublasLtMatmulDescDestroy(p.operation), "cublasLtMatmulDescDestroy", "");
      for (long layout : new long[] {p.a, p.b, p.d}) {
        check(blas.cublasLtMatrixLayoutDestroy(layout), "cublasLtMatrixLayoutDestroy", "");
      }
    }
    check(blas.cublasLtDestroy(handle), "cublasLtDestroy", "");
    arena.close();
  }
}
