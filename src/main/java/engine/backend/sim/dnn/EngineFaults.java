package engine.backend.sim.dnn;

/** What goes wrong in engines, for tests of whoever must notice: on a real GPU anything may. */
public interface EngineFaults {
  /** Nothing does. */
  EngineFaults NONE = new EngineFaults() {};

  /**
   * Whether an engine fails when it is to run, though its plan was made.
   *
   * @param graph its operations in words
   * @param engine its index
   */
  default boolean fails(String graph, int engine) {
    return false;
  }

  /**
   * What is written in place of a result.
   *
   * @param graph its operations in words
   * @param tensor the result's id
   * @param values all of them, which may be changed
   */
  default double[] written(String graph, long tensor, double[] values) {
    return values;
  }
}
