/** Benchmarks of the engine's own kernels on the CPU; {@code bench/jmh/run} builds and runs them. */
package engine.jmh;
