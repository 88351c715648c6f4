package engine.backend.cuda.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.backend.Int8Networks;

/** Quantised networks by cuDNN's graphs of bytes, cuBLASLt's products and own kernels. */
public final class CudaInt8Networks implements Int8Networks {
  private final Int8Device device;

  public CudaInt8Networks(Int8Device device) {
    this.device = device;
  }

  @Override
  public Int8Network compile(Int8Graph graph) {
    return new CudaInt8Network(graph, device);
  }
}
