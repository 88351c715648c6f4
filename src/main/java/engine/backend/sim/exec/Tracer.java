package engine.backend.sim.exec;

/** Looks at each step of a warp; it executes the step itself, to see before and after. */
interface Tracer {
  /** Runs {@code step} and returns what it returned. */
  int step(Warp w, Step step);
}
