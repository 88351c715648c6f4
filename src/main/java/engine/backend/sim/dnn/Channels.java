package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/** Tensors with a value a channel. */
final class Channels {
  private Channels() {}

  /** Checks that {@code t} has a value for each channel of {@code x}. */
  static void check(DnnTensor x, DnnTensor t) {
    if (x.rank() != t.rank() || x.rank() < 2) {
      throw bad("%s and %s are of different rank", x, t);
    }
    for (int i = 0; i < x.rank(); i++) {
      if (t.dims()[i] != (i == 1 ? x.dims()[1] : 1)) {
        throw bad("%s must have a value for each of the %d channels of %s", t, x.dims()[1], x);
      }
    }
  }
}
