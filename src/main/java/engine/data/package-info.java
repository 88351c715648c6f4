/**
 * Pictures on their way to the network: where they come from and how they are split.
 *
 * <p>Start at {@link engine.data.Datasets#open}, which turns {@code --data} into a training and a
 * validation {@link engine.data.Dataset}; then read {@link engine.data.loader.DataLoader}, which
 * makes batches of one ahead of the training thread. {@code data.image} decodes files, {@code
 * data.transform} augments, {@code data.demo} draws the generated set.
 *
 * <p>Knows nothing of tensors' devices, models or training; {@code train} and {@code cli} may
 * depend on it.
 */
package engine.data;
