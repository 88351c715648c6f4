package engine.backend.cpu;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.Statistics;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.ConvPrimitives;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Convolutions by oneDNN. Images lie channel-blocked, except the few-channel input of a network,
 * which stays row-major, and beside layers of few channels, which are channels-last; weights lie as
 * the forward kernel wants them, and backward-data, which wants another order, converts them once a
 * call.
 */
final class CpuConvolutions implements Convolutions {
  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final ConvPrimitives primitives;
  private final FilterScaling folding;
  private final DepthwiseFilterGradients depthwise;
  private final WinogradConvolution winograd;

  CpuConvolutions(
      DnnlContext dnnl,
      CpuMemory memory,
      FilterScaling folding,
      DepthwiseFilterGradients depthwise,
      WinogradConvolution winograd) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.primitives = new ConvPrimitives(dnnl);
    this.folding = folding;
    this.depthwise = depthwise;
    this.winograd = winograd;
  }

  @Override
  public Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    return place(
        w,
        primitives.forward(primitives.image(x, w.shape(), g, type), w.shape(), g, false).weights(),
        g);
  }

  @Override
  public Tensor placeInferenceWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    if (winograd.suits(x, type, w.shape(), g)) {
      return winograd.place(w, x);
    }
    return place(w, primitives.infer(x, type, w, g, false, false).weights(), g);
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g) {
    Md xMd = primitives.image(x.shape(), w.shape(), g, x.dtype());
    Primitive p = primitives.forward(xMd, w.shape(), g, bias != null);
    Tensor y = memory.empty(p.dst());
    run(p, xMd, x, w, bias, y, g);
    return y;
  }

  @Override
  public Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    if (WinogradConvolution.isTransformed(w)) {
      return winograd.inferInPlace(x, w, bias, residual, relu);
    }
    Primitive p = primitives.infer(x.shape(), x.dtype(), w, g, residual != null, relu);
    Tensor y = residual == null ? memory.empty(p.dst()) : memory.to(residual, p.dst());
    run(p, p.src(), x, w, bias, y, g);
    return y;
  }

  private void run(
      Primitive p, Md xMd, Tensor x, Tensor w, Tensor bias, Tensor y, Conv2dGeometry g) {
    try (Tensor xb = memory.to(x, xMd);
        Tensor wb = place(w, p.weights(), g)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, xMd, xb)
              .add(Dnnl.DNNL_ARG_WEIGHTS, p.weights(), wb)
              .add(Dnnl.DNNL_ARG_BIAS, bias == null ? null : dnnl.mds.of(bias), bias)
              .add(Dnnl.DNNL_ARG_DST, p.dst(), y));
    }
  }

  @Override
  public Folded foldNorm(Tensor w, Affine norm, Statistics fixed) {
    Folded out =
        new Folded(
            memory.empty(DType.F32, w.shape()), memory.empty(DType.F32, norm.scale().shape()));
    try (Tensor plain = memory.toRowMajor(w, DType.F32)) {
      folding.foldNorm(plain, norm, fixed, out);
    }
    return out;
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    Md dyMd = primitives.result(x, w.shape(), g, dy.dtype());
    Primitive p = primitives.backwardData(x, dyMd, w.shape(), g);
    Tensor dx = memory.empty(p.src());
    try (Tensor dyb = memory.to(dy, dyMd);
        Tensor wb = place(w, p.weights(), g)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_DIFF_DST, dyMd, dyb)
              .add(Dnnl.DNNL_ARG_WEIGHTS, p.weights(), wb)
              .add(Dnnl.DNNL_ARG_DIFF_SRC, p.src(), dx));
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g) {
    Md dyMd = primitives.result(x.shape(), w.shape(), g, dy.dtype());
    Md target = primitives.weight(w, g);
    Md xMd = primitives.image(x.shape(), w.shape(), g, x.dtype());
    Primitive p = primitives.backwardWeight(xMd, dyMd, w.shape(), dbias != null, g, target);
    boolean slow = p.implementation().startsWith("ref");
    if (x.dtype() != DType.F32 && (slow || readsBesideImage(x.shape(), w.shape(), g))) {
      // No fast kernel in half precision, as for a stem of one channel: worth the two casts.
      try (Tensor x32 = memory.to(x, primitives.image(x.shape(), w.shape(), g, DType.F32));
          Tensor dy32 = memory.to(dy, primitives.result(x.shape(), w.shape(), g, DType.F32))) {
        return backwardWeight(x32, dy32, w, dbias, g);
      }
    }
    if (slow && dbias == null && DepthwiseFilterGradients.isDepthwise(x.shape(), w.shape(), g)) {
      try (Tensor dw = depthwise.of(x, dy, w.shape(), g)) {
        return place(dw, target, g);
      }
    }
    Tensor dw = memory.empty(p.weights(), w.shape());
    try (Tensor xb = memory.to(x, xMd);
        Tensor dyb = memory.to(dy, dyMd)) {
      dnnl.execute(
          p,
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, xMd, xb)
              .add(Dnnl.DNNL_ARG_DIFF_DST, dyMd, dyb)
              .add(Dnnl.DNNL_ARG_DIFF_WEIGHTS, p.weights(), dw)
              .add(Dnnl.DNNL_ARG_DIFF_BIAS, dbias == null ? null : dnnl.mds.of(dbias), dbias));
    }
    try (dw) {
      return place(dw, target, g);
    }
  }

  /**
   * Whether oneDNN 3.13's bf16 kernel for filter gradients cannot be trusted: strided, with images
   * narrower than the filter, it multiplies stale scratch memory by the padding's zeros, so that a
   * NaN there ends in the gradient.
   */
  private static boolean readsBesideImage(Shape x, Shape w, Conv2dGeometry g) {
    return g.strideW() > 1 && x.dim(3) < w.dim(3);
  }

  @Override
  public String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g) {
    Md xMd = primitives.image(x.shape(), w.shape(), g, x.dtype());
    Md yMd = primitives.result(x.shape(), w.shape(), g, x.dtype());
    Primitive p =
        switch (kernel) {
          case FORWARD -> primitives.forward(xMd, w.shape(), g, false);
          case BACKWARD_DATA -> primitives.backwardData(x.shape(), yMd, w.shape(), g);
          case BACKWARD_WEIGHT ->
              primitives.backwardWeight(xMd, yMd, w.shape(), false, g, primitives.weight(w, g));
        };
    return kernel == Kernel.BACKWARD_WEIGHT
            && p.implementation().startsWith("ref")
            && DepthwiseFilterGradients.isDepthwise(x.shape(), w.shape(), g)
        ? "java depthwise"
        : p.implementation();
  }

  /** A weight tensor in another layout or type. */
  private Tensor place(Tensor w, Md wanted, Conv2dGeometry g) {
    if (primitives.weight(w, g) == wanted) {
      return w.retain();
    }
    Tensor placed = memory.empty(wanted, w.shape());
    memory.copyInPlace(w, placed);
    return placed;
  }
}
