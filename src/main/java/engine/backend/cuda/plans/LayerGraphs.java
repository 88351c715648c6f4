package engine.backend.cuda.plans;

import engine.backend.PlanChecker.Layer;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.Int8ConvolutionGraph;
import engine.backend.cuda.dnn.NormGraphs;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.int8.CudaInt8Program;
import engine.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** The graphs that a convolution, and the norm after it, may ask of cuDNN. */
final class LayerGraphs {
  /**
   * One thing to be planned.
   *
   * @param form type of images and filters, for people
   * @param same graphs for the same thing: the first that has a plan is used
   * @param instead what takes its place where none has; null where nothing could
   */
  record Wish(String form, List<OperationGraph> same, String instead) {}

  private static final String POINTWISE = "conv, then the kernels binary and activation";
  private static final String NORM = "the kernel batch_norm";

  private final Layer layer;
  private final List<Wish> wishes = new ArrayList<>();

  private LayerGraphs(Layer layer) {
    this.layer = layer;
  }

  static List<Wish> of(Layer layer) {
    LayerGraphs g = new LayerGraphs(layer);
    g.convolutions(DType.F16);
    g.norms(DType.F16);
    g.convolutions(DType.F32);
    g.bytes();
    return g.wishes;
  }

  private void convolutions(DType type) {
    var g = ConvolutionGraphs.padded(type, layer.x(), layer.w(), layer.geometry());
    wish(type, List.of(g.forward(false, false, false)), null);
    if (!layer.onImages()) {
      wish(type, List.of(g.backwardData()), null);
    }
    wish(type, g.filterGradients(), null);
    wish(type, List.of(g.forward(true, layer.residual(), layer.relu())), POINTWISE);
  }

  private void norms(DType type) {
    var g = NormGraphs.of(ConvolutionGraphs.padded(type, layer.x(), layer.w(), layer.geometry()));
    wish(type, List.of(g.withStatistics()), "conv, then " + NORM);
    if (!layer.onImages()) {
      wish(type, List.of(g.afterNormWithStatistics()), NORM + ", conv, " + NORM);
      wish(type, g.filterGradientsAfterNorm(), NORM + ", filter gradient");
    }
    wish(type, List.of(g.norm(layer.residual(), layer.relu())), NORM);
    wish(type, List.of(g.normBackward(layer.relu())), NORM);
  }

  /** What a quantised layer asks for, with the channels that {@link CudaInt8Program} gives it. */
  private void bytes() {
    var g = Int8ConvolutionGraph.of(layer.x(), layer.w(), layer.geometry(), layer.residual());
    wishes.add(new Wish("int8", List.of(g.graph()), null));
  }

  private void wish(DType type, List<OperationGraph> same, String instead) {
    wishes.add(new Wish(type == DType.F32 ? "fp32" : "fp16", same, instead));
  }
}
