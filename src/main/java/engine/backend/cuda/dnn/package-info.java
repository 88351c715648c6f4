/**
 * cuDNN 9 through its graph API: {@link engine.backend.cuda.dnn.ConvolutionGraphs} says in plain
 * records what shall be computed, {@link engine.backend.cuda.dnn.Int8ConvolutionGraph} the same for
 * bytes, {@link engine.backend.cuda.dnn.Planner} makes the library plan it, for the GPU at hand or
 * for one that is only described, with an engine that {@link engine.backend.cuda.dnn.EngineRules}
 * allow; {@link engine.backend.cuda.dnn.ExecutionPlan} runs it and {@link
 * engine.backend.cuda.dnn.PlanFiles} keep it for the next process.
 */
package engine.backend.cuda.dnn;
