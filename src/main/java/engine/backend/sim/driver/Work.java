package engine.backend.sim.driver;

import java.util.List;

/**
 * A piece of work for a stream.
 *
 * @param what for reports: a call or a kernel
 * @param uses of memory; a pointer into none is not looked at
 */
public record Work(String what, List<Use> uses, Runnable action) {
  public Work {
    uses = List.copyOf(uses);
  }
}
