package engine.backend.sim;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.sim.blas.SimBlas;
import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.StridedTensor;
import engine.backend.sim.math.TensorFloat;
import engine.ffi.CublasLt;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products on the software GPU are those of plain loops, and wrong uses are told. */
final class SimulatedCublasLtTest {
  private static final int M = 5;
  private static final int N = 3;
  private static final int K = 4;

  private final SimGpu gpu = new SimGpu();
  private final CpuMath math = new CpuMath(1);
  private final CublasLt blas = new CublasLt(SimBlas.symbols(gpu.device, math));
  private final Random random = new Random(11);
  private long handle;

  @BeforeEach
  void open() {
    ok(blas.cublasLtCreate(gpu.out()));
    handle = gpu.result();
  }

  @AfterEach
  void close() {
    ok(blas.cublasLtDestroy(handle));
    gpu.close();
    math.close();
  }

  @Test
  void transposesLeadingDimensionsAndScalesAreThoseOfPlainLoops() {
    for (int t = 0; t < 4; t++) {
      boolean ta = (t & 1) != 0;
      boolean tb = (t & 2) != 0;
      Matrix a = ta ? matrix(ElementType.F32, K, M, 6) : matrix(ElementType.F32, M, K, 7);
      Matrix b = tb ? matrix(ElementType.F32, N, K, 3) : matrix(ElementType.F32, K, N, 5);
      Matrix c = matrix(ElementType.F32, M, N, 8);
      long operation = operation(CublasLt.CUBLAS_COMPUTE_32F, CublasLt.CUDA_R_32F, ta, tb);
      double[] expected = product(a, b, ta, tb);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = 2 * expected[i] - 0.5 * c.values[i];
      }
      ok(multiply(operation, 2, a, b, -0.5f, c, c, 0));
      assertArrayEquals(expected, c.read(), 1e-5, "transposes " + t);
    }
  }

  @Test
  void tf32RoundsTheOperandsAndTakesFloatsOnly() {
    Matrix a = matrix(ElementType.F32, M, K, M);
    Matrix b = matrix(ElementType.F32, K, N, K);
    Matrix d = matrix(ElementType.F32, M, N, M);
    Matrix half = matrix(ElementType.F16, K, N, K);
    long operation =
        operation(CublasLt.CUBLAS_COMPUTE_32F_FAST_TF32, CublasLt.CUDA_R_32F, false, false);
    ok(multiply(operation, 1, a, b, 0, d, d, 0));
    double[] exact = product(a, b, false, false);
    for (Matrix m : new Matrix[] {a, b}) {
      Arrays.setAll(m.values, i -> TensorFloat.round(m.values[i]));
    }
    assertArrayEquals(product(a, b, false, false), d.read(), 1e-6);
    assertTrue(Math.abs(exact[0] - d.read()[0]) > 1e-6);
    assertEquals(
        CublasLt.CUBLAS_STATUS_NOT_SUPPORTED,
        multiply(operation, 1, matrix(ElementType.F16, M, K, M), half, 0, d, d, 0));
  }

  @Test
  void halvesGiveFloatWithBiasAndRelu() {
    Matrix a = matrix(ElementType.F16, M, K, M);
    Matrix b = matrix(ElementType.F16, K, N, K);
    Matrix d = matrix(ElementType.F32, M, N, M);
    long operation = operation(CublasLt.CUBLAS_COMPUTE_32F, CublasLt.CUDA_R_32F, false, false);
    int epilogue = CublasLt.CUBLASLT_EPILOGUE_RELU_BIAS;
    set(operation, CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue);
    long bias = gpu.floats(1, -1, 0.5f, 0, -0.25f);
    MemorySegment pointer = gpu.arena.allocateFrom(JAVA_LONG, bias);
    ok(
        blas.cublasLtMatmulDescSetAttribute(
            operation, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER, pointer.address(), 8));
    ok(multiply(operation, 1, a, b, 0, d, d, 0));
    double[] expected = product(a, b, false, false);
    double[] shift = {1, -1, 0.5, 0, -0.25};
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, expected[i] + shift[i / N]);
    }
    assertArrayEquals(expected, d.read(), 1e-5);
  }

  @Test
  void bytesAreSummedExactlyAndInFours() {
    Matrix a = matrix(ElementType.I8, 8, 4, 8);
    Matrix b = matrix(ElementType.I8, 8, 4, 8);
    Matrix d = matrix(ElementType.I32, 4, 4, 4);
    long operation = operation(CublasLt.CUBLAS_COMPUTE_32I, CublasLt.CUDA_R_32I, true, false);
    MemorySegment one = gpu.arena.allocateFrom(JAVA_INT, 1);
    MemorySegment zero = gpu.arena.allocateFrom(JAVA_INT, 0);
    ok(multiply(operation, one, a, b, zero, d, d, 0));
    assertArrayEquals(product(a, b, true, false), d.read(), 0);
    long plain = operation(CublasLt.CUBLAS_COMPUTE_32I, CublasLt.CUDA_R_32I, false, false);
    Matrix square = matrix(ElementType.I8, 4, 8, 4);
    assertEquals(
        CublasLt.CUBLAS_STATUS_NOT_SUPPORTED, multiply(plain, one, square, b, zero, d, d, 0));
  }

  @Test
  void wrongUsesAreRefused() {
    Matrix a = matrix(ElementType.F32, M, K, M);
    Matrix b = matrix(ElementType.F32, K, N, K);
    Matrix d = matrix(ElementType.F32, M, N, M);
    Matrix half = matrix(ElementType.F16, K, N, K);
    Matrix narrow = matrix(ElementType.F32, M, N, M - 1);
    int invalid = CublasLt.CUBLAS_STATUS_INVALID_VALUE;
    long operation = operation(CublasLt.CUBLAS_COMPUTE_32F, CublasLt.CUDA_R_32F, false, false);
    assertEquals(invalid, multiply(operation, 1, b, a, 0, d, d, 0), "shapes");
    assertEquals(CublasLt.CUBLAS_STATUS_NOT_SUPPORTED, multiply(operation, 1, a, half, 0, d, d, 0));
    assertEquals(invalid, multiply(operation, 1, a, b, 0, narrow, narrow, 0), "leading dimension");
    assertEquals(invalid, multiply(operation, 1, a, b, 0, d, d, gpu.allocate(16)), "workspace");
    assertEquals(invalid, blas.cublasLtMatmulDescDestroy(1234));
    assertEquals(invalid, blas.cublasLtMatmulDescCreate(0, 68, 0));
    MemorySegment text =
        MemorySegment.ofAddress(blas.cublasLtGetStatusString(invalid)).reinterpret(4096);
    assertTrue(text.getString(0).contains("null"), text.getString(0));
  }

  @Test
  void aBufferThatIsTooShortIsAFault() {
    Matrix a = matrix(ElementType.F32, M, K, M);
    Matrix b = matrix(ElementType.F32, K, N, K);
    Matrix d = new Matrix(ElementType.F32, M, N, M, null, gpu.allocate(4 * M * N - 4));
    long operation = operation(CublasLt.CUBLAS_COMPUTE_32F, CublasLt.CUDA_R_32F, false, false);
    assertEquals(CublasLt.CUBLAS_STATUS_EXECUTION_FAILED, multiply(operation, 1, a, b, 0, d, d, 0));
  }

  // ---- helpers ----

  private static void ok(int status) {
    assertEquals(CublasLt.CUBLAS_STATUS_SUCCESS, status);
  }

  private long operation(int compute, int scale, boolean transposeA, boolean transposeB) {
    ok(blas.cublasLtMatmulDescCreate(gpu.out(), compute, scale));
    long operation = gpu.result();
    set(operation, CublasLt.CUBLASLT_MATMUL_DESC_TRANSA, transposeA ? 1 : 0);
    set(operation, CublasLt.CUBLASLT_MATMUL_DESC_TRANSB, transposeB ? 1 : 0);
    return operation;
  }

  private void set(long operation, int attribute, int value) {
    MemorySegment v = gpu.arena.allocateFrom(JAVA_INT, value);
    ok(blas.cublasLtMatmulDescSetAttribute(operation, attribute, v.address(), 4));
  }

  private int multiply(
      long operation, float alpha, Matrix a, Matrix b, float beta, Matrix c, Matrix d, long space) {
    return multiply(
        operation,
        gpu.arena.allocateFrom(JAVA_FLOAT, alpha),
        a,
        b,
        gpu.arena.allocateFrom(JAVA_FLOAT, beta),
        c,
        d,
        space);
  }

  /**
   * By the first algorithm of the heuristic.
   *
   * @param space a workspace of 16 bytes, or 0 for one that is large enough
   */
  private int multiply(
      long operation,
      MemorySegment alpha,
      Matrix a,
      Matrix b,
      MemorySegment beta,
      Matrix c,
      Matrix d,
      long space) {
    ok(blas.cublasLtMatmulPreferenceCreate(gpu.out()));
    long preference = gpu.result();
    MemorySegment most = gpu.arena.allocateFrom(JAVA_LONG, 1 << 20);
    ok(
        blas.cublasLtMatmulPreferenceSetAttribute(
            preference, CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, most.address(), 8));
    MemorySegment result = gpu.arena.allocate(96, 8);
    MemorySegment count = gpu.arena.allocate(JAVA_INT);
    int status =
        blas.cublasLtMatmulAlgoGetHeuristic(
            handle,
            operation,
            a.layout,
            b.layout,
            c.layout,
            d.layout,
            preference,
            1,
            result.address(),
            count.address());
    if (status != 0) {
      return status;
    }
    long bytes = result.get(JAVA_LONG, 64);
    return blas.cublasLtMatmul(
        handle,
        operation,
        alpha.address(),
        a.address,
        a.layout,
        b.address,
        b.layout,
        beta.address(),
        c.address,
        c.layout,
        d.address,
        d.layout,
        result.address(),
        space == 0 ? gpu.allocate(bytes) : space,
        space == 0 ? bytes : 16,
        0);
  }

  /** Row-major, as {@link Matrix#values}. */
  private static double[] product(Matrix a, Matrix b, boolean ta, boolean tb) {
    int m = ta ? a.columns : a.rows;
    int k = ta ? a.rows : a.columns;
    int n = tb ? b.rows : b.columns;
    double[] d = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          d[i * n + j] +=
              a.values[ta ? l * a.columns + i : i * a.columns + l]
                  * b.values[tb ? j * b.columns + l : l * b.columns + j];
        }
      }
    }
    return d;
  }

  /** A column-major matrix on the device. */
  private final class Matrix {
    final int rows;
    final int columns;
    final double[] values;
    final long address;
    final long layout;
    private final StridedTensor tensor;

    Matrix(ElementType type, int rows, int columns, int leading, double[] values, long address) {
      this.rows = rows;
      this.columns = columns;
      this.values = values;
      this.address = address;
      int number =
          switch (type) {
            case F16 -> CublasLt.CUDA_R_16F;
            case I8 -> CublasLt.CUDA_R_8I;
            case I32 -> CublasLt.CUDA_R_32I;
            default -> CublasLt.CUDA_R_32F;
          };
      ok(blas.cublasLtMatrixLayoutCreate(gpu.out(), number, rows, columns, leading));
      layout = gpu.result();
      long[] dims = {rows, columns};
      tensor = new StridedTensor("test", type, dims, new long[] {1, leading}, address);
      if (values != null) {
        tensor.write(gpu.device.memory(), values);
      }
    }

    double[] read() {
      return tensor.read(gpu.device.memory());
    }
  }

  private Matrix matrix(ElementType type, int rows, int columns, int leading) {
    double[] v = new double[rows * columns];
    Arrays.setAll(
        v, i -> type.isFloating() ? type.round(random.nextGaussian()) : random.nextInt(-100, 100));
    long bytes = (long) type.bytes() * Math.max(leading, rows) * columns;
    return new Matrix(type, rows, columns, leading, v, gpu.allocate(bytes));
  }
}
