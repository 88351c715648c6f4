/**
 * cuDNN 9 through its graph API: {@link engine.backend.cuda.dnn.ConvolutionGraphs} says in plain
 * records what shall be computed, {@link engine.backend.cuda.dnn.Int8ConvolutionGraph} the same for
 * bytes, {@link engine.backend.cuda.dnn.Planner} makes the library plan it, for the GPU at hand or
 * for one that is only described, and {@link engine.backend.cuda.dnn.ExecutionPlan} runs it.
 */
package engine.backend.cuda.dnn;
