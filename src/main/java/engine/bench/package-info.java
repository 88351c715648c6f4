/**
 * Benchmarks of the engine as its users run it: a whole training step, an answer, each convolution
 * of a network, all on random images made on the fly. Every rate is also given as a share of what a
 * large matrix product reaches on the same device, which says how much is left to gain.
 *
 * <p>Stands beside {@code train} and measures its steps; only {@code cli} uses it. Start with
 * {@link engine.bench.StepBench}.
 */
package engine.bench;
