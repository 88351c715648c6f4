package engine.backend.cuda.ops;

import static engine.backend.cuda.dnn.ConvolutionGraphs.FILTERS;
import static engine.backend.cuda.dnn.ConvolutionGraphs.IMAGES;
import static engine.backend.cuda.dnn.ConvolutionGraphs.RESULT;
import static engine.backend.cuda.dnn.NormGraphs.SCALE;
import static engine.backend.cuda.dnn.NormGraphs.SHIFT;
import static engine.backend.cuda.dnn.NormGraphs.SQUARES;
import static engine.backend.cuda.dnn.NormGraphs.SUM;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.ForNorm;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Deferred;
import engine.backend.Normalizations.Sums;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.NormGraphs;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.plans.CudnnPlans;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Convolutions with parts of the batch norms around them, where this GPU's cuDNN has plans for
 * that: of halves, from Ampere on. See {@link NormGraphs} for what it is worth. In fp32 there is
 * none, since cuDNN would round to TF32.
 */
final class NormFusions {
  private final CudaMemory memory;
  private final CudnnPlans plans;
  private final FusionTrials trials;

  NormFusions(CudaMemory memory, CudnnPlans plans, Normalizations norms) {
    this.memory = memory;
    this.plans = plans;
    trials = new FusionTrials(memory, plans, norms, this);
  }

  /** Whether a convolution can sum what it writes, and should. */
  boolean sums(ConvolutionGraphs graphs) {
    OperationGraph fused = NormGraphs.of(graphs).withStatistics();
    return graphs.type() != DType.F32
        && isPlanned(List.of(fused), graphs)
        && trials.worthSumming(graphs, fused);
  }

  /** A convolution of {@link #sums}, of operands as its graph wants them. */
  ForNorm forward(ConvolutionGraphs graphs, Tensor images, Tensor filters) {
    return forward(
        graphs, NormGraphs.of(graphs).withStatistics(), Map.of(IMAGES, images, FILTERS, filters));
  }

  /**
   * Whether a convolution of fp16 can normalise what it reads, and should, and its filters'
   * gradient too: if only one could, the images would have to be computed after all.
   */
  boolean normalizes(ConvolutionGraphs graphs) {
    NormGraphs norm = NormGraphs.of(graphs);
    return graphs.type() == DType.F16
        && isPlanned(List.of(norm.afterNormWithStatistics()), graphs)
        && isPlanned(norm.filterGradientsAfterNorm(), graphs)
        && trials.worthNormalizing(graphs, norm.afterNormWithStatistics());
  }

  /** A convolution of {@link #normalizes}. */
  ForNorm forward(Deferred x, Tensor w, Conv2dGeometry g) {
    ConvolutionGraphs graphs = graphs(x, w, g);
    OperationGraph graph = NormGraphs.of(graphs).afterNormWithStatistics();
    try (Tensor images = memory.toChannelsLast(x.x(), graphs.type());
        Tensor half = memory.halfWeights().as(graphs.type(), w);
        Tensor filters = memory.toChannelsLast(half, graphs.type())) {
      return forward(
          graphs,
          graph,
          Map.of(IMAGES, images, SCALE, x.factor(), SHIFT, x.offset(), FILTERS, filters));
    }
  }

  private ForNorm forward(ConvolutionGraphs graphs, OperationGraph graph, Map<Long, Tensor> read) {
    Shape channels = Shape.of(graphs.w().dim(0));
    Tensor y = memory.empty(graphs.type(), graphs.y(), ChannelsLast.of(graphs.y()));
    Sums sums = new Sums(memory.empty(DType.F32, channels), memory.empty(DType.F32, channels));
    Map<Long, Tensor> data = new HashMap<>(read);
    data.putAll(Map.of(RESULT, y, SUM, sums.sum(), SQUARES, sums.squares()));
    plans.run(graph, data);
    return new ForNorm(y, sums);
  }

  /**
   * The filters' gradient of {@link #forward(Deferred, Tensor, Conv2dGeometry)}, F32 or, where that
   * is what cuDNN rounds to, F16: optimisers read both.
   */
  Tensor backwardWeight(Deferred x, Tensor dy, Tensor w, Conv2dGeometry g) {
    ConvolutionGraphs graphs = graphs(x, w, g);
    List<OperationGraph> forms = NormGraphs.of(graphs).filterGradientsAfterNorm();
    OperationGraph graph = plans.firstPlanned(forms);
    DType type = graph.equals(forms.getFirst()) ? graphs.type() : DType.F32;
    try (Tensor images = memory.toChannelsLast(x.x(), graphs.type());
        Tensor d = memory.toChannelsLast(dy, graphs.type());
        Tensor dw = memory.empty(type, w.shape(), ChannelsLast.of(w.shape()))) {
      plans.run(
          graph,
          Map.of(IMAGES, images, SCALE, x.factor(), SHIFT, x.offset(), FILTERS, dw, RESULT, d));
      return memory.to(dw, type, w.layout());
    }
  }

  static ConvolutionGraphs graphs(Deferred x, Tensor w, Conv2dGeometry g) {
    return new ConvolutionGraphs(x.x().dtype(), x.x().shape(), w.shape(), g);
  }

  /**
   * Whether one of the forms has a plan; the plain convolution, which always has, ends the list.
   */
  private boolean isPlanned(List<OperationGraph> forms, ConvolutionGraphs graphs) {
    OperationGraph plain = graphs.forward(false, false, false);
    return !plans
        .firstPlanned(Stream.concat(forms.stream(), Stream.of(plain)).toList())
        .equals(plain);
  }
}
