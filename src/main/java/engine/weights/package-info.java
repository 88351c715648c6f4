/**
 * Files that hold tensors: safetensors in and out, and files that are replaced whole or not at all.
 *
 * <p>Depends on {@code tensor} and {@code base}. Readers trust nothing: sizes are checked before
 * memory is taken, and what is wrong with a file is said in one sentence. Start with {@link
 * engine.weights.SafeTensors}.
 */
package engine.weights;
