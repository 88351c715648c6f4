package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/**
 * One way to compute a graph. There are two, so that whoever chooses has a choice: the first wants
 * a workspace, the second none.
 */
record Engine(OperationGraph graph, int index) {
  static final int COUNT = 2;

  static Engine of(Descriptor d) {
    return of(
        d.part(Attribute.ENGINE_OPERATION_GRAPH, OperationGraph.class),
        d.number(Attribute.ENGINE_GLOBAL_INDEX));
  }

  static Engine of(OperationGraph graph, long index) {
    if (index < 0 || index >= COUNT) {
      throw bad("engine %d of %d", index, COUNT);
    }
    return new Engine(graph, (int) index);
  }

  long workspaceBytes() {
    return index == 0 ? graph.largestResult() : 0;
  }
}
