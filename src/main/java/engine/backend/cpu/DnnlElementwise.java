package engine.backend.cpu;

import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.DnnlStatus;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.ffi.Dnnl;
import engine.tensor.Tensor;

/**
 * The elementwise passes over whole activations, which oneDNN does at memory speed in any layout.
 */
final class DnnlElementwise {
  private enum Op {
    ADD,
    ADD_RELU,
    RELU,
    RELU_BACKWARD
  }

  private record Key(Op op, int md) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;

  DnnlElementwise(DnnlContext dnnl, CpuMemory memory) {
    this.dnnl = dnnl;
    this.memory = memory;
  }

  /** y = act(y + b), in the layout of y. */
  void addActivateInPlace(Tensor y, Tensor b, boolean relu) {
    Md md = dnnl.mds.of(y);
    Primitive p =
        dnnl.primitive(new Key(relu ? Op.ADD_RELU : Op.ADD, md.id), () -> compileAdd(md, relu));
    try (Tensor other = memory.to(b, md)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, md, y)
              .add(Dnnl.DNNL_ARG_SRC_1, md, other)
              .add(Dnnl.DNNL_ARG_DST, md, y));
    }
  }

  private Primitive compileAdd(Md md, boolean relu) {
    long post = 0;
    if (relu) {
      post = DnnlContext.newPostOps();
      DnnlStatus.check(
          Dnnl.dnnl_post_ops_append_eltwise(post, Dnnl.dnnl_eltwise_relu, 0, 0),
          "dnnl_post_ops_append_eltwise",
          md.shape);
    }
    Primitive p =
        dnnl.compile(
            "dnnl_binary_primitive_desc_create",
            md.dtype + " " + md.shape,
            new int[3],
            new Md[3],
            post,
            (out, engine, attr, a) ->
                Dnnl.dnnl_binary_primitive_desc_create(
                    out, engine, Dnnl.dnnl_binary_add, md.handle, md.handle, md.handle, attr));
    if (post != 0) {
      Dnnl.dnnl_post_ops_destroy(post);
    }
    return p;
  }

  /**
   * dy where y > 0, else 0: written over dy when it lies as y does and nothing else reads it, else
   * in a new tensor.
   */
  Tensor reluBackwardInPlace(Tensor dy, Tensor y) {
    Md md = dnnl.mds.of(y);
    Primitive p =
        dnnl.primitive(
            new Key(Op.RELU_BACKWARD, md.id),
            () ->
                dnnl.compile(
                    "dnnl_eltwise_backward_primitive_desc_create",
                    md.dtype + " " + md.shape,
                    new int[3],
                    new Md[3],
                    0,
                    (out, engine, attr, a) ->
                        Dnnl.dnnl_eltwise_backward_primitive_desc_create(
                            out,
                            engine,
                            Dnnl.dnnl_eltwise_relu_use_dst_for_bwd,
                            md.handle,
                            md.handle,
                            md.handle,
                            0,
                            0,
                            relu(md).descriptor(),
                            attr)));
    boolean own = dnnl.mds.of(dy) != md || !dy.storage().isShared();
    try (Tensor g = memory.to(dy, md)) {
      Tensor dx = own ? g.retain() : memory.empty(md);
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_DST, md, y)
              .add(Dnnl.DNNL_ARG_DIFF_DST, md, g)
              .add(Dnnl.DNNL_ARG_DIFF_SRC, md, dx));
      return dx;
    }
  }

  private Primitive relu(Md md) {
    return dnnl.primitive(
        new Key(Op.RELU, md.id),
        () ->
            dnnl.compile(
                "dnnl_eltwise_forward_primitive_desc_create",
                md.dtype + " " + md.shape,
                new int[3],
                new Md[3],
                0,
                (out, engine, attr, a) ->
                    Dnnl.dnnl_eltwise_forward_primitive_desc_create(
                        out,
                        engine,
                        Dnnl.dnnl_forward_training,
                        Dnnl.dnnl_eltwise_relu_use_dst_for_bwd,
                        md.handle,
                        md.handle,
                        0,
                        0,
                        attr)));
  }
}
