/**
 * A run: the recipe, the loop, evaluation, checkpoints and the run folder. Knows devices only as
 * {@code Backend}. Start with {@link engine.train.Trainer}; one step is {@link
 * engine.train.TrainingStep}.
 */
package engine.train;
