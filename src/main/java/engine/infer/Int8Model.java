package engine.infer;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.picture.Normalization;
import engine.run.ModelInfo;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A quantised model, which computes in bytes. The device keeps its own plan for each shape; pixels
 * become bytes of the network's grid without being real numbers in between.
 */
public final class Int8Model extends LoadedModel {
  private final Int8Graph graph;
  private final Int8Network network;
  private final Optional<String> notice;

  public Int8Model(Backend backend, Int8Graph graph, ModelInfo info) {
    this(backend, graph, info, "the int8 network");
  }

  /**
   * @param name of the network, for people
   */
  Int8Model(Backend backend, Int8Graph graph, ModelInfo info, String name) {
    super(info, name);
    this.graph = graph;
    this.notice = notice(backend, graph, name);
    this.network = backend.int8Networks().compile(graph);
  }

  /** An 8-bit model is exact everywhere, but slower where the processor wants 7 bits. */
  @Override
  public Optional<String> notice() {
    return notice;
  }

  private static Optional<String> notice(Backend backend, Int8Graph graph, String name) {
    return backend.quantizers().weightBits() < graph.weightBits()
        ? Optional.of(
            name
                + " has 8-bit weights, which this processor (it has no VNNI) sums exactly in twice the time: engine quantize on this machine makes a faster one")
        : Optional.empty();
  }

  /** The network written down. */
  public Int8Graph graph() {
    return graph;
  }

  @Override
  HostTensor compute(MemorySegment pixels, int n, int height, int width, int channels) {
    Normalization norm = info().preprocessing().normalization();
    return network.run(pixels, n, height, width, norm.mean(), norm.std());
  }

  @Override
  HostTensor compute(Tensor x) {
    try (x) {
      return network.run(x);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
