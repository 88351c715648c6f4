/**
 * The CUDA driver API in Java: a {@link java.lang.foreign.SymbolLookup} whose entries are upcall
 * stubs, so that code written for {@code libcuda} runs on the software GPU without a change.
 *
 * <p>Arguments are checked at least as strictly as the real driver does it. What fails answers with
 * CUDA's own code, and {@code cuGetErrorString} then tells the whole story. No exception leaves an
 * upcall, which would end the JVM.
 *
 * <p>Start with {@link engine.backend.sim.driver.SimDevice}; the calls themselves are in the
 * classes whose names end in {@code Calls}, one method a C function.
 */
package engine.backend.sim.driver;
