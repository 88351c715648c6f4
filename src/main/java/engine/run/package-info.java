/**
 * What a run leaves behind: its folder with config, checkpoints, list of pictures and log of
 * metrics, and how any of it is found again; and what a file of weights from elsewhere is.
 *
 * <p>Knows nothing of the loop that trains: {@code train} writes such folders, {@code infer},
 * {@code eval} and {@code convert} read them. What was asked for is {@code recipe}'s. Start with
 * {@link engine.run.RunFolder}; {@link engine.run.Checkpoint} is one checkpoint on disk.
 */
package engine.run;
