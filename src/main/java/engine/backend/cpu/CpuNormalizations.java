package engine.backend.cpu;

import engine.backend.Normalizations;
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

/**
 * Batch normalisation by oneDNN. A following ReLU is fused, with a bit an element kept for the
 * backward; with a residual the sum and the ReLU are one more pass over the result, in place.
 */
final class CpuNormalizations implements Normalizations {
  private record Key(boolean forward, int x, float eps, int flags, int prop) {}

  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final DnnlElementwise elementwise;

  CpuNormalizations(
      DnnlContext dnnl, CpuMemory memory, CpuQueue queue, DnnlElementwise elementwise) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.queue = queue;
    this.elementwise = elementwise;
  }

  @Override
  public Trained train(
      Tensor x, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    boolean fuse = relu && residual == null;
    Md md = dnnl.mds.of(x);
    Primitive p = forward(md, eps, flags(scale, shift, false, fuse), Dnnl.dnnl_forward_training);
    Shape c = Shape.of(x.shape().dim(1));
    Tensor y = memory.empty(md);
    Tensor mean = memory.empty(DType.F32, c);
    Tensor variance = memory.empty(DType.F32, c);
    Tensor workspace = p.workspace() == null ? null : memory.empty(p.workspace());
    dnnl.execute(
        p,
        forwardArgs(x, y, mean, variance, scale, shift)
            .add(Dnnl.DNNL_ARG_WORKSPACE, p.workspace(), workspace));
    addResidual(y, residual, relu);
    return new Trained(y, new Saved(mean, variance, workspace));
  }

  @Override
  public Tensor infer(
      Tensor x,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor residual,
      boolean relu) {
    Md md = dnnl.mds.of(x);
    boolean fuse = relu && residual == null;
    Primitive p = forward(md, eps, flags(scale, shift, true, fuse), Dnnl.dnnl_forward_inference);
    Tensor y = memory.empty(md);
    dnnl.execute(p, forwardArgs(x, y, mean, variance, scale, shift));
    addResidual(y, residual, relu);
    return y;
  }

  @Override
  public Gradients backwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Saved saved,
      float eps,
      boolean hadResidual,
      boolean relu) {
    boolean fused = relu && !hadResidual;
    try (Tensor g = relu && hadResidual ? elementwise.reluBackwardInPlace(dy, y) : dy.retain()) {
      Gradients grads =
          backward(
              x,
              g,
              scale,
              shift,
              saved.mean(),
              saved.variance(),
              saved.workspace(),
              eps,
              fused,
              false);
      return new Gradients(
          grads.x(), grads.scale(), grads.shift(), hadResidual ? g.retain() : null);
    }
  }

  @Override
  public Gradients inferBackwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean hadResidual,
      boolean relu) {
    try (Tensor g = relu ? elementwise.reluBackwardInPlace(dy, y) : dy.retain()) {
      Gradients grads = backward(x, g, scale, shift, mean, variance, null, eps, false, true);
      return new Gradients(
          grads.x(), grads.scale(), grads.shift(), hadResidual ? g.retain() : null);
    }
  }

  @Override
  public void updateRunningInPlace(
      Tensor runningMean, Tensor runningVariance, Saved batch, float momentum, long n) {
    long rm = runningMean.address();
    long rv = runningVariance.address();
    long m = batch.mean().address();
    long v = batch.variance().address();
    long c = runningMean.shape().elements();
    float unbiased = n > 1 ? (float) n / (n - 1) : Float.NaN;
    queue.run(
        () -> {
          for (long i = 0; i < c; i++) {
            Raw.f32(rm, i, (1 - momentum) * Raw.f32(rm, i) + momentum * Raw.f32(m, i));
            Raw.f32(rv, i, (1 - momentum) * Raw.f32(rv, i) + momentum * (Raw.f32(v, i) * unbiased));
          }
        });
  }

  private Gradients backward(
      Tensor x,
      Tensor dy,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      Tensor workspace,
      float eps,
      boolean fusedRelu,
      boolean global) {
    Md md = dnnl.mds.of(x);
    int flags = flags(scale, shift, global, fusedRelu);
    int prop = scale == null && shift == null ? Dnnl.dnnl_backward_data : Dnnl.dnnl_backward;
    Primitive p =
        dnnl.primitive(
            new Key(false, md.id, eps, flags, prop),
            () ->
                dnnl.compile(
                    "dnnl_batch_normalization_backward_primitive_desc_create",
                    x,
                    new int[3],
                    new Md[3],
                    0,
                    (out, engine, attr, a) ->
                        Dnnl.dnnl_batch_normalization_backward_primitive_desc_create(
                            out,
                            engine,
                            prop,
                            md.handle,
                            md.handle,
                            md.handle,
                            eps,
                            flags,
                            forward(md, eps, flags, Dnnl.dnnl_forward_training).descriptor(),
                            attr)));
    Tensor dx = memory.empty(md);
    Tensor dscale = scale == null ? null : memory.emptyLike(scale);
    Tensor dshift = shift == null ? null : memory.emptyLike(shift);
    try (Tensor g = memory.to(dy, md)) {
      Md stats = dnnl.mds.of(mean);
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, md, x)
              .add(Dnnl.DNNL_ARG_DIFF_DST, md, g)
              .add(Dnnl.DNNL_ARG_DIFF_SRC, md, dx)
              .add(Dnnl.DNNL_ARG_MEAN, stats, mean)
              .add(Dnnl.DNNL_ARG_VARIANCE, stats, variance)
              .add(Dnnl.DNNL_ARG_SCALE, stats, scale)
              .add(Dnnl.DNNL_ARG_DIFF_SCALE, stats, dscale)
              .add(Dnnl.DNNL_ARG_DIFF_SHIFT, stats, dshift)
              .add(
                  Dnnl.DNNL_ARG_WORKSPACE,
                  workspace == null ? null : dnnl.mds.of(workspace),
                  workspace));
    }
    return new Gradients(dx, dscale, dshift, null);
  }

  private void addResidual(Tensor y, Tensor residual, boolean relu) {
    if (residual != null) {
      elementwise.addActivateInPlace(y, residual, relu);
    }
  }

  private Primitive forward(Md md, float eps, int flags, int prop) {
    return dnnl.primitive(
        new Key(true, md.id, eps, flags, prop),
        () ->
            dnnl.compile(
                "dnnl_batch_normalization_forward_primitive_desc_create",
                md.dtype + " " + md.shape,
                new int[3],
                new Md[3],
                0,
                (out, engine, attr, a) ->
                    Dnnl.dnnl_batch_normalization_forward_primitive_desc_create(
                        out, engine, prop, md.handle, md.handle, eps, flags, attr)));
  }

  private Args forwardArgs(
      Tensor x, Tensor y, Tensor mean, Tensor variance, Tensor scale, Tensor shift) {
    Md stats = dnnl.mds.of(mean);
    return new Args()
        .add(Dnnl.DNNL_ARG_SRC, dnnl.mds.of(x), x)
        .add(Dnnl.DNNL_ARG_DST, dnnl.mds.of(y), y)
        .add(Dnnl.DNNL_ARG_MEAN, stats, mean)
        .add(Dnnl.DNNL_ARG_VARIANCE, stats, variance)
        .add(Dnnl.DNNL_ARG_SCALE, stats, scale)
        .add(Dnnl.DNNL_ARG_SHIFT, stats, shift);
  }

  private static int flags(Tensor scale, Tensor shift, boolean global, boolean relu) {
    return (scale == null ? 0 : Dnnl.dnnl_use_scale)
        | (shift == null ? 0 : Dnnl.dnnl_use_shift)
        | (global ? Dnnl.dnnl_use_global_stats : 0)
        | (relu ? Dnnl.dnnl_fuse_norm_relu : 0);
  }
}
