package engine.backend.cpu.dnnl;

/**
 * A compiled oneDNN primitive and the layouts it settled on. Null where it has no such argument.
 *
 * @param handle dnnl_primitive_t
 * @param descriptor dnnl_primitive_desc_t, the hint for the matching backward
 * @param workspace what a training forward leaves for its backward
 * @param scratchpad bytes of scratch memory it needs while it runs
 * @param implementation oneDNN's name of the implementation chosen
 */
public record Primitive(
    long handle,
    long descriptor,
    Md src,
    Md weights,
    Md dst,
    Md workspace,
    long scratchpad,
    String implementation) {}
