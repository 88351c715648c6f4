/**
 * cuBLASLt in Java, for the software GPU: matrix products with transposes, leading dimensions,
 * epilogues and heuristics, checked at least as strictly as the real library does it and computed
 * on the CPU device.
 *
 * <p>Start with {@link engine.backend.sim.blas.BlasCalls}, one method a C function; {@link
 * engine.backend.sim.blas.Product} checks a product and runs it.
 */
package engine.backend.sim.blas;
