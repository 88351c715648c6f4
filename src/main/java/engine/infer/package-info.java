/**
 * Answering: a checkpoint loaded as a float or an int8 network, pictures in, probabilities out;
 * several checkpoints vote.
 *
 * <p>Start with {@link engine.infer.LoadedModel}, then {@link engine.infer.Predictor}. Knows
 * devices only as {@code Backend}, and no loop that trains.
 */
package engine.infer;
