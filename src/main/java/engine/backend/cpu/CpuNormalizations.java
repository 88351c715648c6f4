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
  public Trained train(Tensor x, Sums sums, Affine norm, After after, Running running) {
    boolean fuse = after.relu() && after.residual() == null;
    Md md = dnnl.mds.of(x);
    Primitive p = forward(md, norm.eps(), flags(norm, false, fuse), Dnnl.dnnl_forward_training);
    Shape c = Shape.of(x.shape().dim(1));
    Tensor y = memory.empty(md);
    var batch = new Statistics(memory.empty(DType.F32, c), memory.empty(DType.F32, c));
    Tensor workspace = p.workspace() == null ? null : memory.empty(p.workspace());
    dnnl.execute(
        p, forwardArgs(x, y, batch, norm).add(Dnnl.DNNL_ARG_WORKSPACE, p.workspace(), workspace));
    addResidual(y, after);
    if (running != null) {
      move(running, batch, x.shape().elements() / c.elements());
    }
    return new Trained(y, new Saved(batch, workspace));
  }

  @Override
  public Tensor infer(Tensor x, Affine norm, Statistics fixed, After after) {
    Md md = dnnl.mds.of(x);
    boolean fuse = after.relu() && after.residual() == null;
    Primitive p = forward(md, norm.eps(), flags(norm, true, fuse), Dnnl.dnnl_forward_inference);
    Tensor y = memory.empty(md);
    dnnl.execute(p, forwardArgs(x, y, fixed, norm));
    addResidual(y, after);
    return y;
  }

  @Override
  public Gradients backwardInPlace(Tensor x, Tensor dy, Result result, Affine norm, Saved saved) {
    boolean fused = result.relu() && !result.residual();
    boolean apart = result.relu() && result.residual();
    try (Tensor g = apart ? elementwise.reluBackwardInPlace(dy, result.y()) : dy.retain()) {
      int flags = flags(norm, false, fused);
      return backward(x, g, norm, saved.batch(), saved.workspace(), flags).and(g, result);
    }
  }

  @Override
  public Gradients inferBackwardInPlace(
      Tensor x, Tensor dy, Result result, Affine norm, Statistics fixed) {
    try (Tensor g = result.relu() ? elementwise.reluBackwardInPlace(dy, result.y()) : dy.retain()) {
      return backward(x, g, norm, fixed, null, flags(norm, true, false)).and(g, result);
    }
  }

  private void move(Running running, Statistics batch, long n) {
    float momentum = running.momentum();
    long rm = running.statistics().mean().address();
    long rv = running.statistics().variance().address();
    long m = batch.mean().address();
    long v = batch.variance().address();
    long c = batch.mean().shape().elements();
    float unbiased = Running.unbiased(n);
    if (running.batches() != null) {
      memory.incrementInPlace(running.batches());
    }
    queue.run(
        () -> {
          for (long i = 0; i < c; i++) {
            Raw.f32(rm, i, (1 - momentum) * Raw.f32(rm, i) + momentum * Raw.f32(m, i));
            Raw.f32(rv, i, (1 - momentum) * Raw.f32(rv, i) + momentum * (Raw.f32(v, i) * unbiased));
          }
        });
  }

  /** The gradient behind the ReLU is that of the residual, too. */
  private record NormGradients(Tensor x, Tensor scale, Tensor shift) {
    Gradients and(Tensor behindRelu, Result result) {
      return new Gradients(x, scale, shift, result.residual() ? behindRelu.retain() : null);
    }
  }

  private NormGradients backward(
      Tensor x, Tensor dy, Affine norm, Statistics s, Tensor workspace, int flags) {
    Md md = dnnl.mds.of(x);
    Tensor scale = norm.scale();
    Tensor shift = norm.shift();
    float eps = norm.eps();
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
      Md stats = dnnl.mds.of(s.mean());
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, md, x)
              .add(Dnnl.DNNL_ARG_DIFF_DST, md, g)
              .add(Dnnl.DNNL_ARG_DIFF_SRC, md, dx)
              .add(Dnnl.DNNL_ARG_MEAN, stats, s.mean())
              .add(Dnnl.DNNL_ARG_VARIANCE, stats, s.variance())
              .add(Dnnl.DNNL_ARG_SCALE, stats, scale)
              .add(Dnnl.DNNL_ARG_DIFF_SCALE, stats, dscale)
              .add(Dnnl.DNNL_ARG_DIFF_SHIFT, stats, dshift)
              .add(
                  Dnnl.DNNL_ARG_WORKSPACE,
                  workspace == null ? null : dnnl.mds.of(workspace),
                  workspace));
    }
    return new NormGradients(dx, dscale, dshift);
  }

  private void addResidual(Tensor y, After after) {
    if (after.residual() != null) {
      elementwise.addActivateInPlace(y, after.residual(), after.relu());
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

  private Args forwardArgs(Tensor x, Tensor y, Statistics s, Affine norm) {
    Md stats = dnnl.mds.of(s.mean());
    return new Args()
        .add(Dnnl.DNNL_ARG_SRC, dnnl.mds.of(x), x)
        .add(Dnnl.DNNL_ARG_DST, dnnl.mds.of(y), y)
        .add(Dnnl.DNNL_ARG_MEAN, stats, s.mean())
        .add(Dnnl.DNNL_ARG_VARIANCE, stats, s.variance())
        .add(Dnnl.DNNL_ARG_SCALE, stats, norm.scale())
        .add(Dnnl.DNNL_ARG_SHIFT, stats, norm.shift());
  }

  private static int flags(Affine norm, boolean global, boolean relu) {
    return (norm.scale() == null ? 0 : Dnnl.dnnl_use_scale)
        | (norm.shift() == null ? 0 : Dnnl.dnnl_use_shift)
        | (global ? Dnnl.dnnl_use_global_stats : 0)
        | (relu ? Dnnl.dnnl_fuse_norm_relu : 0);
  }
}
