package engine.backend.sim.driver;

import java.util.List;

/** Captured work, in the order it was submitted in, which satisfies every dependency. */
record Graph(List<Work> nodes) {
  Graph {
    nodes = List.copyOf(nodes);
  }
}
