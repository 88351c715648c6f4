/**
 * What a training was asked for: the {@link engine.recipe.Recipe} and its records of settings, how
 * they stand in {@code config.json}, what they are checked for, and what follows from them without
 * a run: the augmentation, the preparation of a picture, the weights of the classes.
 *
 * <p>Knows nothing of folders and checkpoints, which are {@code run}'s.
 */
package engine.recipe;
