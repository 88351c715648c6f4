package engine.backend.sim.driver;

import java.util.ArrayList;
import java.util.List;

/** A stream. What is submitted has run when the call returns, unless it is being captured. */
final class Stream {
  /** The graph that the stream's work goes into; null when nothing is captured. */
  Capture capture;

  /** Work on its way into a graph, from one stream and those that joined it through events. */
  static final class Capture {
    final Stream origin;
    final int mode;
    final List<Runnable> nodes = new ArrayList<>();
    final List<Stream> joined = new ArrayList<>();
    boolean invalid;

    Capture(Stream origin, int mode) {
      this.origin = origin;
      this.mode = mode;
      joined.add(origin);
    }
  }
}
