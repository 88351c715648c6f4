package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import java.util.List;

/** Engines to try for a graph, best first. Whether one supports the graph its plan will say. */
record Heuristic(OperationGraph graph, List<Engine> engines) {
  private static final int FALLBACK = 2;
  private static final int MODES = 4;

  static Heuristic of(Descriptor d) {
    if (!d.has(Attribute.HEURISTIC_OPERATION_GRAPH)) {
      throw bad("HEURISTIC_OPERATION_GRAPH is not set");
    }
    OperationGraph graph =
        d.parts(Attribute.HEURISTIC_OPERATION_GRAPH).getFirst().as(OperationGraph.class);
    long mode = d.number(Attribute.HEURISTIC_MODE);
    if (mode < 0 || mode >= MODES) {
      throw bad("%d is no heuristic mode", mode);
    }
    return new Heuristic(graph, mode == FALLBACK ? Engine.fallback(graph) : Engine.offered(graph));
  }
}
