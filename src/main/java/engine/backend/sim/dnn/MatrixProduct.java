package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import java.util.Arrays;
import java.util.List;

/** c [B, M, N] = a [B, M, K] times b [B, K, N]. */
record MatrixProduct(ElementType compute, DnnTensor a, DnnTensor b, DnnTensor c)
    implements Operation {

  /** A finalised matmul descriptor. */
  record Shape(ElementType compute) {
    static Shape of(Descriptor d) {
      return new Shape(DataTypes.of(d.number(Attribute.MATMUL_COMP_TYPE)));
    }
  }

  static MatrixProduct of(Descriptor d) {
    MatrixProduct p =
        new MatrixProduct(
            d.part(Attribute.MATMUL_DESC, Shape.class).compute,
            d.part(Attribute.MATMUL_A, DnnTensor.class),
            d.part(Attribute.MATMUL_B, DnnTensor.class),
            d.part(Attribute.MATMUL_C, DnnTensor.class));
    long[] x = p.a.dims();
    long[] y = p.b.dims();
    long[] z = p.c.dims();
    if (x.length != 3 || y.length != 3 || z.length != 3) {
      throw bad("matrix products take tensors of rank 3, not %s, %s, %s", p.a, p.b, p.c);
    }
    if (x[0] != z[0] || y[0] != z[0] || x[1] != z[1] || y[2] != z[2] || x[2] != y[1]) {
      throw bad("%s times %s does not give %s", p.a, p.b, p.c);
    }
    return p;
  }

  @Override
  public String name() {
    return "matrix product";
  }

  @Override
  public List<DnnTensor> inputs() {
    return List.of(a, b);
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(c);
  }

  @Override
  public void checkSupport() {
    boolean known = a.type().isFloating() && a.type() != ElementType.F64;
    if (a.type() != b.type() || !known || compute != ElementType.F32) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE,
          "a product of %s and %s in %s has no engine".formatted(a.type(), b.type(), compute));
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    int m = (int) c.dims()[1];
    int n = (int) c.dims()[2];
    int k = (int) a.dims()[2];
    double[] out = new double[c.elements()];
    for (int i = 0; i < (int) c.dims()[0]; i++) {
      double[] left = Arrays.copyOfRange(values.of(a), i * m * k, (i + 1) * m * k);
      double[] right = Arrays.copyOfRange(values.of(b), i * k * n, (i + 1) * k * n);
      System.arraycopy(cpu.multiply(left, right, m, n, k), 0, out, i * m * n, m * n);
    }
    values.put(c, out);
  }
}
