package engine.backend.cuda.ops;

import static engine.backend.cuda.dnn.ConvolutionGraphs.FILTERS;
import static engine.backend.cuda.dnn.ConvolutionGraphs.IMAGES;
import static engine.backend.cuda.dnn.ConvolutionGraphs.RESULT;

import engine.backend.Convolutions.ForNorm;
import engine.backend.Normalizations;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Deferred;
import engine.backend.Normalizations.Statistics;
import engine.backend.Normalizations.Sums;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.plans.CudnnPlans;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@link NormFusions} are worth on this GPU, where graphs are tuned: each is run beside the
 * convolution and the kernels that it replaces, on zeros. A fusion saves a pass over memory, but
 * cuDNN's engines for it may be slower at the products than its plain ones.
 */
final class FusionTrials {
  private final CudaMemory memory;
  private final CudnnPlans plans;
  private final Normalizations norms;
  private final NormFusions fusions;

  FusionTrials(CudaMemory memory, CudnnPlans plans, Normalizations norms, NormFusions fusions) {
    this.memory = memory;
    this.plans = plans;
    this.norms = norms;
    this.fusions = fusions;
  }

  /** A convolution that sums what it writes, against one whose norm sums: both with the norm. */
  boolean worthSumming(ConvolutionGraphs graphs, OperationGraph fused) {
    return plans.worthFusing(fused, () -> new Summing(graphs));
  }

  /**
   * A convolution that normalises what it reads, and its filters' gradient, against a pass that
   * writes the normalised images, which both then read.
   */
  boolean worthNormalizing(ConvolutionGraphs graphs, OperationGraph fused) {
    return plans.worthFusing(fused, () -> new Normalizing(graphs));
  }

  private final class Summing extends Trial {
    Summing(ConvolutionGraphs graphs) {
      super(graphs);
    }

    @Override
    public void fused() {
      normalize(fusions.forward(graphs, images, filters));
    }

    @Override
    public void apart() {
      normalize(new ForNorm(convolve(images), null));
    }
  }

  private final class Normalizing extends Trial {
    private final Tensor gradient = zeros(graphs.type(), graphs.y());
    private final Shape inputs = Shape.of(graphs.x().dim(1));
    private final Tensor values = zeros(DType.F32, inputs);
    private final Deferred x =
        new Deferred(images, zeros(graphs.type(), inputs), zeros(graphs.type(), inputs));

    Normalizing(ConvolutionGraphs graphs) {
      super(graphs);
    }

    @Override
    public void fused() {
      normalize(fusions.forward(x, filters, graphs.geometry()));
      fusions.backwardWeight(x, gradient, filters, graphs.geometry()).close();
    }

    @Override
    public void apart() {
      Affine affine = new Affine(values, values, 1);
      Statistics fixed = new Statistics(values, values);
      try (Tensor read = norms.infer(images, affine, fixed, new After(null, true))) {
        normalize(
            fusions.sums(graphs)
                ? fusions.forward(graphs, read, filters)
                : new ForNorm(convolve(read), null));
        filterGradient(read);
      }
    }

    private void filterGradient(Tensor from) {
      OperationGraph graph = plans.firstPlanned(graphs.filterGradients());
      DType type = graph.equals(graphs.backwardFilter()) ? DType.F32 : graphs.type();
      try (Tensor dw = memory.empty(type, graphs.w(), ChannelsLast.of(graphs.w()))) {
        plans.run(graph, Map.of(IMAGES, from, FILTERS, dw, RESULT, gradient));
        memory.toLayoutOf(dw, filters).close();
      }
    }
  }

  /** The tensors of both ways. */
  private abstract class Trial implements CudnnPlans.Ways {
    final ConvolutionGraphs graphs;
    final Tensor images;
    final Tensor filters;
    private final List<Tensor> all = new ArrayList<>();
    private final Tensor perResult;

    Trial(ConvolutionGraphs graphs) {
      this.graphs = graphs;
      images = zeros(graphs.type(), graphs.x());
      filters = zeros(graphs.type(), graphs.w());
      perResult = zeros(DType.F32, Shape.of(graphs.y().dim(1)));
    }

    /** Closed with the trial, also where there is no room for it. */
    final Tensor zeros(DType type, Shape shape) {
      try {
        Tensor t =
            shape.rank() == 4
                ? memory.empty(type, shape, ChannelsLast.of(shape))
                : memory.empty(type, shape);
        all.add(t);
        memory.fillInPlace(t, 0);
        return t;
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    final Tensor convolve(Tensor from) {
      Tensor y = memory.empty(graphs.type(), graphs.y(), ChannelsLast.of(graphs.y()));
      plans.run(
          graphs.forward(false, false, false), Map.of(IMAGES, from, FILTERS, filters, RESULT, y));
      return y;
    }

    /** With the sums that the convolution took, or its own. */
    final void normalize(ForNorm f) {
      try (Tensor y = f.y();
          Sums sums = f.sums()) {
        var done = norms.train(y, sums, new Affine(perResult, perResult, 1), After.NOTHING);
        done.y().close();
        done.saved().close();
      }
    }

    @Override
    public final void close() {
      all.forEach(Tensor::close);
      all.clear();
    }
  }
}
