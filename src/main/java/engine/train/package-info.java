/**
 * Training: the loop over epochs, one step of it, validation, what watches for overflow and
 * divergence, and how a run goes on after it was stopped. Knows devices only as {@code Backend}.
 *
 * <p>Start with {@link engine.train.Trainer}; one step is {@link engine.train.TrainingStep}. The
 * recipe and the folder of a run are in {@code run}.
 */
package engine.train;
