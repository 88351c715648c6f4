package engine.backend.sim.driver;

/**
 * What stands around every call of a simulated library: a lock, since calls may come from any
 * thread, the check that it may be called now, and a catch of everything, since an exception that
 * leaves an upcall ends the JVM.
 */
public interface Guard {
  void lock();

  void unlock();

  /** Throws if the function may not be called now. */
  void enter(String function);

  /** The status for what was thrown; never throws itself. */
  int failed(String function, Throwable t);
}
