package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/** Checks a descriptor and gives what it stands for, by its kind. */
final class Finalizing {
  private Finalizing() {}

  /**
   * @param device the one that is here
   */
  static Object meaning(Descriptor d, DeviceProperties device) {
    for (Attribute a : Attribute.values()) {
      if (a.owner == d.kind && a.access == Attribute.Access.REQUIRED && !d.has(a)) {
        throw bad("%s is not set", a);
      }
    }
    return switch (d.kind) {
      case TENSOR -> DnnTensor.of(d);
      case CONVOLUTION -> ConvolutionShape.of(d);
      case CONVOLUTION_FORWARD -> Convolution.forward(d);
      case CONVOLUTION_BACKWARD_DATA -> Convolution.data(d);
      case CONVOLUTION_BACKWARD_FILTER -> Convolution.filter(d);
      case POINTWISE -> PointwiseShape.of(d);
      case POINTWISE_OPERATION -> Pointwise.of(d);
      case REDUCTION -> Reduction.Shape.of(d);
      case REDUCTION_OPERATION -> Reduction.of(d);
      case GEN_STATS -> GenStats.of(d);
      case MATMUL -> MatrixProduct.Shape.of(d);
      case MATMUL_OPERATION -> MatrixProduct.of(d);
      case NORM_FORWARD -> NormForward.of(d);
      case NORM_BACKWARD -> NormBackward.of(d);
      case OPERATION_GRAPH -> OperationGraph.of(d);
      case HEURISTIC -> Heuristic.of(d);
      case ENGINE -> Engine.of(d);
      case ENGINE_CONFIG -> ExecutionPlan.Configuration.of(d);
      case PLAN -> ExecutionPlan.of(d, device);
      case VARIANT_PACK -> VariantPack.of(d);
      case DEVICE_PROPERTIES -> DeviceProperties.of(d, device);
      case KNOB_CHOICE -> throw bad("the software GPU's engines have no knobs");
    };
  }
}
