package engine.backend.cuda;

import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** A quantised network and its plans, one for each shape of input met so far. */
final class CudaInt8Network implements Int8Network {
  /** Shapes kept ready; a folder of pictures of many sizes must not fill the memory. */
  private static final int PLANS = 8;

  private final Int8Graph graph;
  private final Int8Device device;
  private final Int8Constants constants;
  private final LinkedHashMap<Shape, Int8Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

  CudaInt8Network(Int8Graph graph, Int8Device device) {
    this.graph = graph;
    this.device = device;
    constants = new Int8Constants(device.memory());
  }

  @Override
  public HostTensor run(Tensor x) {
    if (x.dtype() != DType.F32 || x.shape().rank() != 4 || x.shape().dim(1) != graph.channels()) {
      throw new IllegalArgumentException(
          "this network takes F32 images of " + graph.channels() + " channels, not " + x);
    }
    try (Tensor plain = device.memory().toRowMajor(x, DType.F32)) {
      return plan(x.shape()).run(plain);
    }
  }

  @Override
  public HostTensor run(
      MemorySegment pixels, int n, int height, int width, float[] mean, float[] std) {
    long bytes = (long) n * height * width * graph.channels();
    if (pixels.byteSize() < bytes || mean.length != graph.channels()) {
      throw new IllegalArgumentException(
          "%d pixel bytes and %d means do not fit %d images of %dx%dx%d"
              .formatted(pixels.byteSize(), mean.length, n, height, width, graph.channels()));
    }
    return plan(Shape.of(n, graph.channels(), height, width))
        .run(pixels.asSlice(0, bytes), mean, std);
  }

  private Int8Plan plan(Shape shape) {
    Int8Plan p = plans.get(shape);
    if (p == null) {
      if (plans.size() >= PLANS) {
        plans.pollFirstEntry().getValue().close();
      }
      p = new Int8Plan(graph, shape, device, constants);
      plans.put(shape, p);
    }
    return p;
  }

  @Override
  public Map<String, String> implementations() {
    return plans.isEmpty() ? Map.of() : plans.lastEntry().getValue().implementations();
  }

  @Override
  public void close() {
    plans.values().forEach(Int8Plan::close);
    plans.clear();
    constants.close();
  }
}
