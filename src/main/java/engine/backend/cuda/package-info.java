/**
 * NVIDIA GPUs, through the driver API, cuDNN, cuBLASLt and kernels of the engine's own (the folder
 * {@code cuda} of the project).
 *
 * <p>Start with {@link engine.backend.cuda.CudaBackend}, which hands every call to a family of
 * {@code ops}. Under them: {@code plans} (cuDNN's graphs and whole recorded steps), {@code memory},
 * {@code dnn} (cuDNN's graph API), {@code driver} (devices, streams, launches), {@code libraries}
 * (where the vendor's files lie), {@code layout} (how tensors lie); {@code int8} runs quantised
 * networks. The same classes drive {@code backend.sim}, a GPU made of Java.
 */
package engine.backend.cuda;
