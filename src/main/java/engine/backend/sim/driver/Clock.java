package engine.backend.sim.driver;

import java.util.Arrays;

/**
 * How much of each stream's work is known to be over: a vector clock (Mattern 1989). Work {@code n}
 * of a stream comes before whatever has a clock of at least {@code n} for that stream.
 */
final class Clock {
  private long[] times = new long[4];

  /** The last work of a stream that is known to be over; 0 for none. */
  long of(int stream) {
    return stream < times.length ? times[stream] : 0;
  }

  /** The next work of a stream; returns its number. */
  long tick(int stream) {
    grow(stream + 1);
    return ++times[stream];
  }

  /** Also knows what the other knows. */
  void join(Clock other) {
    grow(other.times.length);
    for (int i = 0; i < other.times.length; i++) {
      times[i] = Math.max(times[i], other.times[i]);
    }
  }

  /** Whether all that the other knows is known here. */
  boolean covers(Clock other) {
    for (int i = 0; i < other.times.length; i++) {
      if (other.times[i] > of(i)) {
        return false;
      }
    }
    return true;
  }

  Clock copy() {
    Clock c = new Clock();
    c.join(this);
    return c;
  }

  private void grow(int length) {
    if (length > times.length) {
      times = Arrays.copyOf(times, Math.max(length, 2 * times.length));
    }
  }
}
