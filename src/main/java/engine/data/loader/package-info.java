/**
 * The loader that reads, decodes and augments ahead of the training thread: {@link
 * engine.data.loader.DataLoader} makes batches of a {@link engine.data.Dataset}, in the order that
 * a {@link engine.data.loader.Sampler} says, from a cache of decoded pictures where they fit.
 */
package engine.data.loader;
