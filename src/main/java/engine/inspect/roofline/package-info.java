/**
 * What a training step would cost on a GPU at best: calculated from the shapes on the tape and the
 * maker's peak figures, never measured. Start with {@link engine.inspect.roofline.StepLaunches}.
 * May use everything below {@code cli}.
 */
package engine.inspect.roofline;
