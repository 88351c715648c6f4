package engine.bench;

import engine.model.Network;

/** A piece of work that can be done again and again. */
interface Workload extends AutoCloseable {
  void run();

  /** The network it runs, which stays its own. */
  Network model();

  /** Passes over the network that a run makes: forward, and in training two backward. */
  int passes();

  @Override
  void close();
}
