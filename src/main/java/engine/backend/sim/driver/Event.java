package engine.backend.sim.driver;

/** An event: when the work before it was done. */
final class Event {
  final boolean timing;

  /** {@link System#nanoTime}; 0 if it was never recorded. */
  long nanos;

  /** What came before it; null if it was never recorded. */
  Clock clock;

  /** The capture that it was recorded in; null for none. */
  Stream.Capture capture;

  Event(boolean timing) {
    this.timing = timing;
  }
}
