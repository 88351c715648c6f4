package engine.backend.sim.driver;

import java.util.ArrayList;
import java.util.List;

/** A stream. What is submitted has run when the call returns, unless it is being captured. */
final class Stream {
  /** From 0, the default stream. */
  final int number;

  /** Whether it waits for the default stream, and that for it. */
  final boolean blocking;

  /** What comes before its next work: its own work so far, and what it waited for. */
  final Clock clock = new Clock();

  /** The graph that the stream's work goes into; null when nothing is captured. */
  Capture capture;

  Stream(int number, boolean blocking) {
    this.number = number;
    this.blocking = blocking;
  }

  @Override
  public String toString() {
    return number == 0 ? "the default stream" : "stream " + number;
  }

  /** Work on its way into a graph, from one stream and those that joined it through events. */
  static final class Capture {
    final Stream origin;
    final int mode;
    final List<Work> nodes = new ArrayList<>();
    final List<Stream> joined = new ArrayList<>();
    boolean invalid;

    Capture(Stream origin, int mode) {
      this.origin = origin;
      this.mode = mode;
      joined.add(origin);
    }
  }
}
