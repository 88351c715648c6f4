package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_DATA_FLOAT;
import static engine.ffi.Cudnn.CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS;
import static engine.ffi.Cudnn.CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC;
import static engine.ffi.Cudnn.CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION;
import static engine.ffi.Cudnn.CUDNN_NUMERICAL_NOTE_TENSOR_CORE;

import java.util.Set;

/**
 * Which of the engines that cuDNN offers may compute, by what it notes of their numbers. Those that
 * give other bits at each run never may, nor those that sum in less than fp32: a run can be
 * repeated and resumed to the bit. PyTorch has the first behind {@code cudnn.deterministic} and
 * does not ask for the second.
 *
 * @param mostWorkspace bytes; an engine that wants more is passed over
 * @param tf32 whether convolutions of fp32 operands may round them to TF32, as all on tensor cores
 *     do; to anything shorter they never may
 */
public record EngineRules(long mostWorkspace, boolean tf32) {

  /**
   * Why an engine is passed over, as a clause; null if it may compute.
   *
   * @param notes {@code CUDNN_NUMERICAL_NOTE_…} constants
   */
  String refusal(OperationGraph graph, Set<Integer> notes) {
    if (notes.contains(CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)) {
      return "gives other bits at each run";
    }
    if (notes.contains(CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION)) {
      return "sums in less than fp32";
    }
    if (convolvesFloats(graph)) {
      if (notes.contains(CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS)) {
        return "rounds its operands";
      }
      if (!tf32 && notes.contains(CUDNN_NUMERICAL_NOTE_TENSOR_CORE)) {
        return "rounds its operands to TF32";
      }
    }
    return null;
  }

  private static boolean convolvesFloats(OperationGraph graph) {
    return graph.operations().stream()
        .anyMatch(
            o -> o instanceof GraphOperation.Convolution c && c.x().dataType() == CUDNN_DATA_FLOAT);
  }
}
