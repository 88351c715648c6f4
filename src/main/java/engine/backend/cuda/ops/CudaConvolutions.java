package engine.backend.cuda.ops;

import static engine.backend.cuda.dnn.ConvolutionGraphs.BIAS;
import static engine.backend.cuda.dnn.ConvolutionGraphs.FILTERS;
import static engine.backend.cuda.dnn.ConvolutionGraphs.IMAGES;
import static engine.backend.cuda.dnn.ConvolutionGraphs.RESIDUAL;
import static engine.backend.cuda.dnn.ConvolutionGraphs.RESULT;

import engine.backend.Activation;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Elementwise;
import engine.backend.FixedNorm;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.Statistics;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.layout.PaddedChannels;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.HalfWeights;
import engine.backend.cuda.plans.CudnnPlans;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Convolutions by cuDNN's graphs, products summed in fp32. Images, their gradients and filters are
 * {@link ChannelsLast}, in which cuDNN fuses and needs no copies of its own; filters stay in fp32,
 * with {@link HalfWeights} beside them.
 */
public final class CudaConvolutions implements Convolutions {
  private final CudaMemory memory;
  private final Elementwise elementwise;
  private final CudaReductions reductions;
  private final CudnnPlans plans;
  private final NormFusions fusions;

  public CudaConvolutions(
      CudaMemory memory,
      Elementwise elementwise,
      CudaReductions reductions,
      Normalizations norms,
      CudnnPlans plans) {
    this.memory = memory;
    this.elementwise = elementwise;
    this.reductions = reductions;
    this.plans = plans;
    this.fusions = new NormFusions(memory, plans, norms);
  }

  /** In fp32, which the optimiser moves; {@link HalfWeights} may lie beside them. */
  @Override
  public Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    Tensor placed = memory.toChannelsLast(w, w.dtype());
    memory.halfWeights().keep(placed);
    return placed;
  }

  /**
   * In its own type, since recorded answers in other precisions may read the same filters; with a
   * half copy beside it once half precision was asked for.
   */
  @Override
  public Tensor placeInferenceWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    return placeWeight(w, x, type, g);
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g) {
    return compute(x, w, bias, null, false, g);
  }

  @Override
  public ForNorm forwardForNorm(Tensor x, Tensor w, Conv2dGeometry g) {
    ConvolutionGraphs graphs = ConvolutionGraphs.padded(x.dtype(), x.shape(), w.shape(), g);
    if (!fusions.sums(graphs)) {
      return new ForNorm(forward(x, w, null, g), null);
    }
    try (Tensor images = operand(x, graphs.x(), x.dtype());
        Tensor half = memory.halfWeights().as(x.dtype(), w);
        Tensor filters = operand(half, graphs.w(), x.dtype())) {
      return fusions.forward(graphs, images, filters);
    }
  }

  @Override
  public ForNorm forwardForNorm(Normalizations.Deferred x, Tensor w, Conv2dGeometry g) {
    return fusions.normalizes(NormFusions.graphs(x, w, g)) ? fusions.forward(x, w, g) : null;
  }

  @Override
  public Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    return compute(x, w, bias, residual, relu, g);
  }

  /** In one graph where cuDNN has an engine for it; else what it lacks is done by kernels. */
  private Tensor compute(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    ConvolutionGraphs graphs = ConvolutionGraphs.padded(x.dtype(), x.shape(), w.shape(), g);
    OperationGraph fused = graphs.forward(bias != null, residual != null, relu);
    OperationGraph plain = graphs.forward(false, false, false);
    if (plans.firstPlanned(List.of(fused, plain)).equals(fused)) {
      return run(fused, graphs, x, w, bias, residual);
    }
    Tensor y = run(plain, graphs, x, w, null, null);
    if (bias != null) {
      try (Tensor perChannel = bias.reshape(Shape.of(1, bias.shape().dim(0), 1, 1))) {
        y = replace(y, elementwise.binary(Elementwise.Binary.ADD, y, perChannel), x.dtype());
      }
    }
    if (residual != null) {
      elementwise.addInPlace(y, residual);
    }
    return relu ? replace(y, elementwise.activation(Activation.RELU, y), x.dtype()) : y;
  }

  /** Closes both and gives the values of {@code next}. */
  private Tensor replace(Tensor old, Tensor next, DType type) {
    try (old;
        next) {
      return memory.cast(next, type);
    }
  }

  private Tensor run(
      OperationGraph graph,
      ConvolutionGraphs graphs,
      Tensor x,
      Tensor w,
      Tensor bias,
      Tensor residual) {
    Tensor y = empty(x.dtype(), graphs.y());
    try (Tensor images = operand(x, graphs.x(), x.dtype());
        Tensor half = memory.halfWeights().as(x.dtype(), w);
        Tensor filters = operand(half, graphs.w(), x.dtype());
        Tensor added = residual == null ? null : memory.toChannelsLast(residual, x.dtype())) {
      Map<Long, Tensor> data = new HashMap<>(Map.of(IMAGES, images, FILTERS, filters, RESULT, y));
      if (bias != null) {
        data.put(BIAS, bias);
      }
      if (residual != null) {
        data.put(RESIDUAL, added);
      }
      plans.run(graph, data);
    }
    return y;
  }

  private Tensor empty(DType type, Shape shape) {
    return memory.empty(type, shape, ChannelsLast.of(shape));
  }

  /** Images or filters as a graph wants them: channels-last, and as many channels as it has. */
  private Tensor operand(Tensor t, Shape shape, DType type) {
    if (t.layout() == PaddedChannels.INSTANCE && t.dtype() == type) {
      Tensor all = PaddedChannels.all(t);
      if (all.shape().equals(shape)) {
        return all;
      }
      all.close();
    }
    if (t.shape().equals(shape)) {
      return memory.toChannelsLast(t, type);
    }
    try (Tensor cast = memory.cast(t, type)) {
      return memory.padChannels(cast, shape.size(1));
    }
  }

  /** On the host: it is done once for a network, in double precision. */
  @Override
  public Folded foldNorm(Tensor w, Affine norm, Statistics fixed) {
    float[] filters = memory.download(w, DType.F32).toFloats();
    float[] scales = memory.download(norm.scale()).toFloats();
    float[] shifts = memory.download(norm.shift()).toFloats();
    float[] means = memory.download(fixed.mean()).toFloats();
    float[] variances = memory.download(fixed.variance()).toFloats();
    int each = filters.length / scales.length;
    for (int c = 0; c < scales.length; c++) {
      var n = FixedNorm.of(scales[c], shifts[c], means[c], variances[c], norm.eps());
      shifts[c] = n.bias(0);
      n.scaleInPlace(filters, c * each, (c + 1) * each);
    }
    return new Folded(
        memory.upload(HostTensor.of(filters, w.shape().dims())),
        memory.upload(HostTensor.of(shifts, scales.length)));
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    Tensor dx = empty(dy.dtype(), x);
    try (Tensor d = memory.toChannelsLast(dy, dy.dtype());
        Tensor half = memory.halfWeights().as(dy.dtype(), w);
        Tensor filters = memory.toChannelsLast(half, dy.dtype())) {
      plans.run(
          new ConvolutionGraphs(dy.dtype(), x, w.shape(), g).backwardData(),
          Map.of(IMAGES, dx, FILTERS, filters, RESULT, d));
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g) {
    if (dbias != null) {
      try (Tensor sums = reductions.sum(dy, new int[] {0, 2, 3}, false)) {
        memory.copyInPlace(sums, dbias);
      }
    }
    ConvolutionGraphs graphs = ConvolutionGraphs.padded(x.dtype(), x.shape(), w.shape(), g);
    OperationGraph graph = plans.firstPlanned(graphs.filterGradients());
    DType type = graph.equals(graphs.backwardFilter()) ? DType.F32 : x.dtype();
    try (Tensor images = operand(x, graphs.x(), x.dtype());
        Tensor d = memory.toChannelsLast(dy, x.dtype());
        Tensor all = empty(type, graphs.w())) {
      plans.run(graph, Map.of(IMAGES, images, FILTERS, all, RESULT, d));
      try (Tensor dw = withoutPadding(all, w.shape())) {
        return memory.toLayoutOf(dw, w);
      }
    }
  }

  @Override
  public Tensor backwardWeight(Normalizations.Deferred x, Tensor dy, Tensor w, Conv2dGeometry g) {
    return fusions.backwardWeight(x, dy, w, g);
  }

  private Tensor withoutPadding(Tensor dw, Shape w) {
    return dw.shape().equals(w) ? dw.retain() : memory.firstChannels(dw, w.size(1));
  }

  /** Such as {@code cudnn engine 12 on tensor cores, workspace 0 bytes}. */
  @Override
  public String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g) {
    ConvolutionGraphs graphs = ConvolutionGraphs.padded(x.dtype(), x.shape(), w.shape(), g);
    OperationGraph graph =
        switch (kernel) {
          case FORWARD -> graphs.forward(false, false, false);
          case BACKWARD_DATA ->
              new ConvolutionGraphs(x.dtype(), x.shape(), w.shape(), g).backwardData();
          case BACKWARD_WEIGHT -> plans.firstPlanned(graphs.filterGradients());
        };
    var plan = plans.plan(graph);
    return "cudnn engine %d%s, workspace %,d bytes"
        .formatted(
            plan.engine(), plan.usesTensorCores() ? " on tensor cores" : "", plan.workspaceBytes());
  }
}
