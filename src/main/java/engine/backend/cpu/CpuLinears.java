package engine.backend.cpu;

import engine.backend.Linears;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Matrix products by oneDNN; everything here is row-major or a transposed view of it. */
final class CpuLinears implements Linears {
  private record Key(int a, int b, boolean bias, int dst) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final CpuQueue queue;

  CpuLinears(DnnlContext dnnl, CpuMemory memory, CpuQueue queue) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.queue = queue;
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    if (x.shape().rank() != 2 || w.shape().rank() != 2 || x.shape().dim(1) != w.shape().dim(1)) {
      throw new IllegalArgumentException(
          "a linear layer of weight " + w.shape() + " does not take an input " + x.shape());
    }
    if (x.dtype() == DType.F16) {
      // oneDNN multiplies F16 on few processors; products and sums are in F32 anyway.
      try (Tensor rounded = memory.toRowMajor(w, DType.F16);
          Tensor wide = memory.toRowMajor(rounded, DType.F32);
          Tensor xw = memory.toRowMajor(x, DType.F32)) {
        return forward(xw, wide, bias);
      }
    }
    Shape wt = Shape.of(w.shape().dim(1), w.shape().dim(0));
    Tensor y = memory.empty(DType.F32, Shape.of(x.shape().dim(0), w.shape().dim(0)));
    try (Tensor xp = memory.toRowMajor(x, x.dtype());
        Tensor wp = memory.toRowMajor(w, x.dtype())) {
      multiply(
          dnnl.mds.of(xp), xp.address(), dnnl.mds.transposed(wt, x.dtype()), wp.address(), bias, y);
    }
    return y;
  }

  @Override
  public Tensor inferRelu(Tensor x, Tensor w, Tensor bias) {
    Tensor y = forward(x, w, bias);
    long at = y.address();
    long n = y.shape().elements();
    queue.run(
        () -> {
          for (long i = 0; i < n; i++) {
            Raw.f32(at, i, Math.max(0, Raw.f32(at, i)));
          }
        });
    return y;
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Tensor x) {
    Tensor dx = memory.empty(x.dtype(), x.shape());
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor wp = memory.toRowMajor(w, DType.F32)) {
      if (x.dtype() == DType.F32) {
        multiply(dnnl.mds.of(g), g.address(), dnnl.mds.of(wp), wp.address(), null, dx);
      } else {
        try (Tensor full = memory.empty(DType.F32, x.shape())) {
          multiply(dnnl.mds.of(g), g.address(), dnnl.mds.of(wp), wp.address(), null, full);
          memory.copyInPlace(full, dx);
        }
      }
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor dy, Tensor x) {
    Shape dyT = Shape.of(dy.shape().dim(1), dy.shape().dim(0));
    Tensor dw = memory.empty(DType.F32, Shape.of(dy.shape().dim(1), x.shape().dim(1)));
    try (Tensor g = memory.toRowMajor(dy, DType.F32);
        Tensor xp = memory.toRowMajor(x, DType.F32)) {
      multiply(
          dnnl.mds.transposed(dyT, DType.F32),
          g.address(),
          dnnl.mds.of(xp),
          xp.address(),
          null,
          dw);
    }
    return dw;
  }

  @Override
  public Tensor backwardBias(Tensor dy) {
    int n = dy.shape().size(0);
    int o = dy.shape().size(1);
    Tensor db = memory.empty(DType.F32, Shape.of(o));
    try (Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long in = g.address();
      long out = db.address();
      queue.run(
          () -> {
            for (int j = 0; j < o; j++) {
              double s = 0;
              for (int i = 0; i < n; i++) {
                s += Raw.f32(in, (long) i * o + j);
              }
              Raw.f32(out, j, (float) s);
            }
          });
    }
    return db;
  }

  /** y = a * b (+ bias), where {@code a} and {@code b} may be transposed views. */
  private void multiply(Md a, long aAddress, Md b, long bAddress, Tensor bias, Tensor y) {
    Md dst = dnnl.mds.of(y);
    Md biasMd =
        bias == null ? null : dnnl.mds.rowMajor(Shape.of(1, bias.shape().dim(0)), DType.F32);
    Primitive p =
        dnnl.primitive(
            new Key(a.id, b.id, bias != null, dst.id),
            () ->
                dnnl.compile(
                    "dnnl_matmul_primitive_desc_create",
                    a.dtype + " " + a.shape + " by " + b.shape,
                    new int[3],
                    new Md[3],
                    0,
                    (out, engine, attr, arena) ->
                        Dnnl.dnnl_matmul_primitive_desc_create(
                            out,
                            engine,
                            a.handle,
                            b.handle,
                            biasMd == null ? 0 : biasMd.handle,
                            dst.handle,
                            attr)));
    dnnl.execute(
        p,
        new Args()
            .add(Dnnl.DNNL_ARG_SRC, a, aAddress)
            .add(Dnnl.DNNL_ARG_WEIGHTS, b, bAddress)
            .add(Dnnl.DNNL_ARG_BIAS, biasMd, bias)
            .add(Dnnl.DNNL_ARG_DST, dst, y));
  }
}
