/**
 * oneDNN with Java's manners: memory descriptors, primitives, arguments, errors with their meaning.
 *
 * <p>Start with {@link engine.backend.cpu.dnnl.DnnlContext}.
 */
package engine.backend.cpu.dnnl;
