/**
 * What happens between the backward pass and the next forward: optimisers, gradient clipping, loss
 * scaling, averages of weights. The arithmetic is the backend's ({@link
 * engine.backend.Optimizers}); what is here decides what to update with which rates, keeps the
 * state, and saves and loads it. Nothing here waits for the device in a step.
 *
 * <p>Depends on {@code autograd}, on {@code backend} as an interface, and on what is below. {@code
 * nn}, {@code model}, {@code train}, {@code cli} and {@code verify} may depend on it. Start with
 * {@link engine.optim.Optimizer}, then {@link engine.optim.AdamW}; learning-rate schedules are in
 * {@link engine.optim.schedule}.
 */
package engine.optim;
