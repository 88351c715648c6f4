package engine.verify;

/** Runs the reference cases of one group. */
public interface CaseRunner {
  /** True if the engine implements this case's {@code op}. */
  boolean knows(ReferenceCase c);

  /** Computes the case and hands every result to {@code checks}; an exception fails the case. */
  void run(ReferenceCase c, Checks checks) throws Exception;
}
