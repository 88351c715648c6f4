package engine.backend.cpu;

import engine.backend.Elementwise.Binary;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.ffi.Dnnl;
import engine.tensor.Tensor;

/** Arithmetic of two tensors by oneDNN, the second broadcast where an extent of it is 1. */
final class DnnlBinary {
  private record Key(Binary op, int a, int b, int dst) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;

  DnnlBinary(DnnlContext dnnl, CpuMemory memory) {
    this.dnnl = dnnl;
    this.memory = memory;
  }

  /**
   * a op b in the layout and type of a.
   *
   * @param b of the rank of a, every extent that of a or 1
   */
  Tensor apply(Binary op, Tensor a, Tensor b) {
    Md aMd = dnnl.mds.of(a);
    Md bMd = dnnl.mds.of(b);
    Primitive p =
        dnnl.primitive(
            new Key(op, aMd.id, bMd.id, aMd.id),
            () ->
                dnnl.compile(
                    "dnnl_binary_primitive_desc_create",
                    op + " of " + aMd.dtype + " " + aMd.shape + " and " + bMd.shape,
                    new int[3],
                    new Md[3],
                    0,
                    (out, engine, attr, arena) ->
                        Dnnl.dnnl_binary_primitive_desc_create(
                            out, engine, alg(op), aMd.handle, bMd.handle, aMd.handle, attr)));
    Tensor y = memory.emptyLike(a);
    dnnl.execute(
        p,
        new Args()
            .add(Dnnl.DNNL_ARG_SRC, aMd, a)
            .add(Dnnl.DNNL_ARG_SRC_1, bMd, b)
            .add(Dnnl.DNNL_ARG_DST, aMd, y));
    return y;
  }

  private static int alg(Binary op) {
    return switch (op) {
      case ADD -> Dnnl.dnnl_binary_add;
      case SUB -> Dnnl.dnnl_binary_sub;
      case MUL -> Dnnl.dnnl_binary_mul;
      case DIV -> Dnnl.dnnl_binary_div;
    };
  }
}
