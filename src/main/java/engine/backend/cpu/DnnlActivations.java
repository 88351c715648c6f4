package engine.backend.cpu;

import engine.backend.Activation;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.ffi.Dnnl;
import engine.tensor.Tensor;

/** Activations and their gradients by oneDNN, in whatever layout and type the tensor has. */
final class DnnlActivations {
  private record Key(boolean forward, Activation f, int md) {}

  private record ScaleKey(float factor, int md) {}

  /** oneDNN's name of a function with its two parameters. */
  private record Alg(int forward, int backward, float alpha, float beta) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;

  DnnlActivations(DnnlContext dnnl, CpuMemory memory) {
    this.dnnl = dnnl;
    this.memory = memory;
  }

  Tensor forward(Activation f, Tensor x) {
    Md md = dnnl.mds.of(x);
    Primitive p = forward(f, md);
    Tensor y = memory.emptyLike(x);
    dnnl.execute(p, new Args().add(Dnnl.DNNL_ARG_SRC, md, x).add(Dnnl.DNNL_ARG_DST, md, y));
    return y;
  }

  /**
   * dL/dx in the layout of {@code saved}, which is the output or the input, as the function wants.
   */
  Tensor backward(Activation f, Tensor saved, Tensor dy) {
    Md md = dnnl.mds.of(saved);
    Alg alg = alg(f);
    Primitive p =
        dnnl.primitive(
            new Key(false, f, md.id),
            () ->
                dnnl.compile(
                    "dnnl_eltwise_backward_primitive_desc_create",
                    f + " of " + md.dtype + " " + md.shape,
                    new int[3],
                    new Md[3],
                    0,
                    (out, engine, attr, a) ->
                        Dnnl.dnnl_eltwise_backward_primitive_desc_create(
                            out,
                            engine,
                            alg.backward,
                            md.handle,
                            md.handle,
                            md.handle,
                            alg.alpha,
                            alg.beta,
                            hint(f, md).descriptor(),
                            attr)));
    Tensor dx = memory.empty(md);
    try (Tensor g = memory.to(dy, md)) {
      dnnl.execute(
          p,
          new Args()
              .add(f.gradientFromOutput() ? Dnnl.DNNL_ARG_DST : Dnnl.DNNL_ARG_SRC, md, saved)
              .add(Dnnl.DNNL_ARG_DIFF_DST, md, g)
              .add(Dnnl.DNNL_ARG_DIFF_SRC, md, dx));
    }
    return dx;
  }

  /** x * factor. */
  Tensor scale(Tensor x, float factor) {
    Md md = dnnl.mds.of(x);
    Primitive p =
        dnnl.primitive(
            new ScaleKey(factor, md.id),
            () -> compile("scale", Dnnl.dnnl_eltwise_linear, md, factor, 0));
    Tensor y = memory.emptyLike(x);
    dnnl.execute(p, new Args().add(Dnnl.DNNL_ARG_SRC, md, x).add(Dnnl.DNNL_ARG_DST, md, y));
    return y;
  }

  private Primitive forward(Activation f, Md md) {
    Alg alg = alg(f);
    return dnnl.primitive(
        new Key(true, f, md.id), () -> compile(f, alg.forward, md, alg.alpha, alg.beta));
  }

  /** A gradient from the output wants the forward that leaves its output as the hint. */
  private Primitive hint(Activation f, Md md) {
    Alg alg = alg(f);
    return alg.forward == alg.backward
        ? forward(f, md)
        : compile(f, alg.backward, md, alg.alpha, alg.beta);
  }

  private Primitive compile(Object what, int alg, Md md, float alpha, float beta) {
    return dnnl.compile(
        "dnnl_eltwise_forward_primitive_desc_create",
        what + " of " + md.dtype + " " + md.shape,
        new int[3],
        new Md[3],
        0,
        (out, engine, attr, a) ->
            Dnnl.dnnl_eltwise_forward_primitive_desc_create(
                out,
                engine,
                Dnnl.dnnl_forward_training,
                alg,
                md.handle,
                md.handle,
                alpha,
                beta,
                attr));
  }

  private static Alg alg(Activation f) {
    return switch (f) {
      case RELU -> new Alg(Dnnl.dnnl_eltwise_relu, Dnnl.dnnl_eltwise_relu_use_dst_for_bwd, 0, 0);
      // clip_v2 has gradient 0 at both bounds, as PyTorch; clip has 1 at the upper one.
      case RELU6 ->
          new Alg(Dnnl.dnnl_eltwise_clip_v2, Dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd, 0, 6);
      case SIGMOID ->
          new Alg(Dnnl.dnnl_eltwise_logistic, Dnnl.dnnl_eltwise_logistic_use_dst_for_bwd, 0, 0);
      case SILU -> new Alg(Dnnl.dnnl_eltwise_swish, Dnnl.dnnl_eltwise_swish, 1, 0);
      case HARDSWISH ->
          new Alg(Dnnl.dnnl_eltwise_hardswish, Dnnl.dnnl_eltwise_hardswish, 1f / 6, 0.5f);
      case HARDSIGMOID ->
          new Alg(Dnnl.dnnl_eltwise_hardsigmoid, Dnnl.dnnl_eltwise_hardsigmoid, 1f / 6, 0.5f);
      case TANH -> new Alg(Dnnl.dnnl_eltwise_tanh, Dnnl.dnnl_eltwise_tanh_use_dst_for_bwd, 0, 0);
      case GELU -> new Alg(Dnnl.dnnl_eltwise_gelu_erf, Dnnl.dnnl_eltwise_gelu_erf, 0, 0);
    };
  }
}
