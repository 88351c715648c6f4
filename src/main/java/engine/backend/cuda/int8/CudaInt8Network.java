package engine.backend.cuda.int8;

import engine.backend.Int8Graph;
import engine.backend.ShapedInt8Network;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** A quantised network on cuDNN and cuBLASLt. */
final class CudaInt8Network extends ShapedInt8Network<CudaInt8Program> {
  private final Int8Graph graph;
  private final Int8Device device;
  private final Int8Constants constants;

  CudaInt8Network(Int8Graph graph, Int8Device device) {
    super(graph);
    this.graph = graph;
    this.device = device;
    constants = new Int8Constants(device.memory());
  }

  @Override
  protected CudaInt8Program prepare(Shape shape) {
    return new CudaInt8Program(graph, shape, device, constants);
  }

  @Override
  protected HostTensor run(CudaInt8Program plan, Tensor x) {
    try (Tensor plain = device.memory().toRowMajor(x, DType.F32)) {
      return plan.run(plain);
    }
  }

  @Override
  public void close() {
    super.close();
    constants.close();
  }
}
