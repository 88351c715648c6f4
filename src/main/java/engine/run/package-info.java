/**
 * What a run is made of and what it leaves behind: the recipe, its folder with config, checkpoints,
 * list of pictures and log of metrics, and how any of it is found again.
 *
 * <p>Knows nothing of the loop that trains: {@code train} writes such folders, {@code infer},
 * {@code eval} and {@code convert} read them. Start with {@link engine.run.Recipe} and {@link
 * engine.run.RunFolder}; {@link engine.run.Checkpoint} is one checkpoint on disk.
 */
package engine.run;
