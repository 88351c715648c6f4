package engine.backend.sim.dnn;

import engine.backend.sim.math.ElementType;
import java.util.stream.Stream;

/**
 * For which graphs around batch norms cuDNN 9.24 has engines, as its planner says with no GPU
 * present: none before Ampere. Where an engine is there for some shapes only, it is refused for all
 * others.
 */
final class NormSupport {
  /** Channels that a load of 128 bits brings, which filter gradients want multiples of. */
  private static final int CHANNELS = 8;

  private NormSupport() {}

  static void check(OperationGraph graph, DeviceProperties device) {
    for (Operation o : graph.operations()) {
      boolean ofNorm =
          o instanceof GenStats || o instanceof NormForward || o instanceof NormBackward;
      if (ofNorm && device.isBeforeAmpere()) {
        throw tooOld(o.name());
      }
      if (o instanceof Convolution c) {
        checkStatistics(graph, c);
        checkPrologue(graph, c, device);
      }
    }
  }

  private static void checkStatistics(OperationGraph graph, Convolution c) {
    boolean summed = graph.operations().stream().anyMatch(o -> o instanceof GenStats);
    if (summed && ConvolutionShape.groups(c.x(), c.w()) != 1) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE,
          "statistics of a convolution in groups, with filters %s, have no engine"
              .formatted(c.w()));
    }
  }

  /** What happens to images before they are convolved. */
  private static void checkPrologue(OperationGraph graph, Convolution c, DeviceProperties device) {
    boolean reads = c.direction() != Convolution.Direction.DATA;
    if (!reads || !c.x().virtual() || c.isWhole()) {
      return;
    }
    String name = "a " + c.name() + " of images that are scaled as they are read";
    if (device.isBeforeAmpere()) {
      throw tooOld(name);
    }
    boolean mixed =
        prologue(graph, c).anyMatch(t -> t.type() != c.x().type()) || c.x().type() != other(c);
    boolean filter = c.direction() == Convolution.Direction.FILTER;
    if (mixed || (filter && c.x().type() != ElementType.F16)) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE,
          "%s has no engine for these types: all are one, and half for a gradient of filters"
              .formatted(name));
    }
    int of = filter ? CHANNELS : 2;
    if (c.x().dims()[1] % of != 0
        || (filter && c.y().dims()[1] % of != 0)
        || ConvolutionShape.groups(c.x(), c.w()) != 1) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE,
          "%s has no engine for %s and %s: channels are multiples of %d, in one group"
              .formatted(name, c.x(), c.w(), of));
    }
  }

  private static ElementType other(Convolution c) {
    return (c.direction() == Convolution.Direction.FILTER ? c.y() : c.w()).type();
  }

  /** The tensors of the pointwise operations that make the images. */
  private static Stream<DnnTensor> prologue(OperationGraph graph, Convolution c) {
    return graph.operations().stream()
        .takeWhile(o -> o != c)
        .flatMap(o -> Stream.concat(o.inputs().stream(), o.outputs().stream()));
  }

  private static DnnError tooOld(String what) {
    return new DnnError(
        Status.NOT_SUPPORTED_ARCH_MISMATCH, what + " has engines from compute capability 8.0 on");
  }
}
