package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;

import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.driver.Use;
import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.StridedTensor;
import engine.backend.sim.math.TensorFloat;
import engine.backend.sim.math.WholeNumbers;
import engine.backend.sim.memory.DeviceMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A product on addresses, made when the call comes and run when its stream gets there. */
final class Run implements Runnable {
  private final Product product;
  private final DeviceMemory memory;
  private final CpuMath cpu;
  private final StridedTensor a;
  private final StridedTensor b;
  private final StridedTensor c;
  private final StridedTensor d;
  private final Factor alpha;
  private final Factor beta;
  private final boolean relu;
  private final StridedTensor bias;

  /** Alpha or beta: a value, or where it lies on the device. */
  private record Factor(double value, StridedTensor place) {
    double get(DeviceMemory memory) {
      return place == null ? value : place.read(memory)[0];
    }
  }

  Run(
      Product p,
      DeviceMemory memory,
      CpuMath cpu,
      long alpha,
      long aAddress,
      long bAddress,
      long beta,
      long cAddress,
      long dAddress) {
    product = p;
    this.memory = memory;
    this.cpu = cpu;
    a = p.a().at("A", aAddress);
    b = p.b().at("B", bAddress);
    d = p.d().at("D", dAddress);
    this.alpha = factor("alpha", alpha);
    this.beta = factor("beta", beta);
    c = readsC() ? p.c().at("C", cAddress) : null;
    if (cAddress == dAddress && !p.c().sameAs(p.d())) {
      throw invalid("C is D, but %s is not %s", p.c(), p.d());
    }
    relu = p.operation().relu;
    bias = p.operation().addsBias ? bias() : null;
  }

  /** What it reads and writes. */
  List<Use> uses(long workspace) {
    List<Use> uses = new ArrayList<>();
    for (StridedTensor t : new StridedTensor[] {a, b, c, bias, alpha.place, beta.place}) {
      if (t != null) {
        uses.add(Use.through(t.address(), false));
      }
    }
    uses.add(Use.through(d.address(), true));
    uses.add(Use.through(workspace, true));
    return uses;
  }

  private boolean readsC() {
    return beta.place != null || beta.value != 0;
  }

  private StridedTensor bias() {
    if (product.operation().biasPointer == 0) {
      throw invalid("the epilogue adds a bias, and BIAS_POINTER is not set");
    }
    return vector("bias", product.biasType(), product.rows(), product.operation().biasPointer);
  }

  private Factor factor(String name, long pointer) {
    if (pointer == 0) {
      throw invalid("%s is null", name);
    }
    ElementType type = product.operation().scale;
    return product.operation().devicePointers
        ? new Factor(0, vector(name, type, 1, pointer))
        : new Factor(type.readHost(HostMemory.slice(pointer, type.bytes())), null);
  }

  private static StridedTensor vector(String name, ElementType type, long n, long address) {
    return new StridedTensor(name, type, new long[] {n}, new long[] {1}, address);
  }

  @Override
  public void run() {
    try {
      d.write(memory, compute());
    } catch (KernelFault f) {
      throw new KernelFault(f.code(), "cuBLASLt product: " + f.getMessage());
    }
  }

  private double[] compute() {
    int m = product.rows();
    int n = product.columns();
    int k = product.depth();
    double[] left = transposed(factors(a), product.operation().transposeA, k, m);
    double[] right = transposed(factors(b), product.operation().transposeB, n, k);
    double[] out =
        product.operation().whole
            ? WholeNumbers.multiply(left, right, m, n, k)
            : cpu.multiply(left, right, m, n, k);
    double scale = alpha.get(memory);
    double keep = beta.get(memory);
    double[] old = c == null || keep == 0 ? null : c.read(memory);
    double[] shift = bias == null ? null : bias.read(memory);
    for (int i = 0; i < out.length; i++) {
      double v = scale * out[i];
      v += old == null ? 0 : keep * old[i];
      v += shift == null ? 0 : shift[i / n];
      out[i] = relu && v < 0 ? 0 : v;
    }
    return out;
  }

  private double[] factors(StridedTensor t) {
    double[] v = t.read(memory);
    return product.operation().tf32 ? Arrays.stream(v).map(TensorFloat::round).toArray() : v;
  }

  /** The transpose of a row-major matrix of {@code rows} by {@code columns}; else the matrix. */
  private static double[] transposed(double[] v, boolean transpose, int rows, int columns) {
    if (!transpose) {
      return v;
    }
    double[] t = new double[v.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        t[j * rows + i] = v[i * columns + j];
      }
    }
    return t;
  }
}
