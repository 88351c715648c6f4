/**
 * cuDNN's backend (graph) API in Java, for the software GPU: descriptors are stored and checked at
 * least as strictly as cuDNN 9 does it, and operation graphs are computed on the CPU device, from
 * and to the simulated device memory.
 *
 * <p>Start with {@link engine.backend.sim.dnn.DnnCalls}, one method a C function. {@link
 * engine.backend.sim.dnn.Attribute} is the table of what may be set on which descriptor; the {@code
 * Rules} classes check a descriptor when it is finalised and turn it into a record; {@link
 * engine.backend.sim.dnn.Execution} runs a graph of those.
 */
package engine.backend.sim.dnn;
