package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to compute a graph: the ordinal of its {@link Numerics} is its index. There are several,
 * so that whoever chooses has a choice. Those on tensor cores want a workspace, the others none.
 */
record Engine(OperationGraph graph, Numerics numerics) {
  static final int COUNT = Numerics.values().length;

  static Engine of(Descriptor d) {
    return of(
        d.part(Attribute.ENGINE_OPERATION_GRAPH, OperationGraph.class),
        d.number(Attribute.ENGINE_GLOBAL_INDEX));
  }

  static Engine of(OperationGraph graph, long index) {
    if (index < 0 || index >= COUNT) {
      throw bad("engine %d of %d", index, COUNT);
    }
    return new Engine(graph, Numerics.values()[(int) index]);
  }

  /**
   * Those to try for a graph, the fastest first. As cuDNN's heuristics do, they put engines that
   * nobody wants everywhere before those that everybody may take.
   */
  static List<Engine> offered(OperationGraph graph) {
    List<Numerics> all = new ArrayList<>();
    if (graph.hasGradientOfConvolution()) {
      all.add(Numerics.ATOMIC);
    }
    if (graph.convolves()) {
      all.add(graph.convolvesFloats() ? Numerics.HALF_FACTORS : Numerics.HALF_SUMS);
    }
    all.add(Numerics.TENSOR_CORES);
    all.add(Numerics.PLAIN);
    return all.stream().map(n -> new Engine(graph, n)).toList();
  }

  /** The one that computes every graph. */
  static List<Engine> fallback(OperationGraph graph) {
    return List.of(new Engine(graph, Numerics.PLAIN));
  }

  int index() {
    return numerics.ordinal();
  }

  /**
   * @throws DnnError {@code NOT_SUPPORTED...} with the reason, where it cannot compute its graph
   */
  void checkSupport(DeviceProperties device) {
    graph.checkSupport(device);
    if (offered(graph).stream().noneMatch(e -> e.numerics == numerics)) {
      throw new DnnError(
          Status.NOT_SUPPORTED,
          "engine %d has nothing for %s".formatted(index(), graph.describe()));
    }
  }

  long workspaceBytes() {
    return numerics == Numerics.TENSOR_CORES ? graph.largestResult() : 0;
  }
}
