package engine.backend.cpu.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.ShapedInt8Network;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** A quantised network on oneDNN. */
final class CpuInt8Network extends ShapedInt8Network<CpuInt8Program> {
  private final Int8Graph graph;

  /** Layers by name as they are computed, where that is not as they are written. */
  private final Map<String, Int8Layer> summed;

  private final CpuInt8Program.Cpu cpu;
  private final Int8Weights weights;

  CpuInt8Network(Int8Graph graph, CpuInt8Program.Cpu cpu) {
    super(graph);
    this.graph = graph;
    Map<String, Int8Layer> split = new HashMap<>();
    if (SplitWeights.areNeeded()) {
      for (Int8Layer l : graph.layers()) {
        Int8Layer exact = SplitWeights.of(l, graph);
        if (exact != l) {
          split.put(l.name(), exact);
        }
      }
    }
    summed = split;
    this.cpu = cpu;
    weights = new Int8Weights(cpu.dnnl(), cpu.arena());
  }

  @Override
  protected CpuInt8Program prepare(Shape shape) {
    return new CpuInt8Program(graph, summed, shape, cpu, weights);
  }

  @Override
  protected HostTensor run(CpuInt8Program plan, Tensor x) {
    try (Tensor plain = cpu.backend().memory().toRowMajor(x, DType.F32)) {
      return plan.run(plain.address());
    }
  }

  @Override
  public void close() {
    super.close();
    weights.close();
  }
}
