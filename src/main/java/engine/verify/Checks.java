package engine.verify;

import engine.tensor.HostTensor;

/**
 * Collects what a case computed and compares it with the reference: {@code |a-b| <= atol +
 * rtol*|b|}, or equality where the manifest says exact. A reference array ({@code out.*}, {@code
 * grad.*}) that is never handed in fails the case.
 */
public interface Checks {
  /**
   * Compares {@code got} with the case's array {@code key} under the manifest's tolerance for it.
   */
  void array(String key, HostTensor got);

  /**
   * Compares with a tolerance that the manifest does not hold (JPEG decoders, whose differences are
   * advised on).
   */
  void array(String key, HostTensor got, double maxAbs, double meanAbs);

  /** Compares as a whole: the Euclidean norm of the difference may be at most {@code maxNorm}. */
  void norm(String key, HostTensor got, double maxNorm);

  /** Compares one number that stands in the case's attributes. */
  void scalar(String what, double expected, double got, double atol);

  /** A fact that must hold. */
  void that(String what, boolean holds);
}
