/**
 * cuDNN's plans for layers, how they are chosen, tuned and checked, and steps that were recorded
 * whole.
 *
 * <p>Start with {@link engine.backend.cuda.plans.CudnnPlans}.
 */
package engine.backend.cuda.plans;
