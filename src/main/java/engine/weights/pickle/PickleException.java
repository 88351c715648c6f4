package engine.weights.pickle;

import java.io.IOException;

/** A pickle that cannot be read or must not be; the message completes "this file ...". */
public final class PickleException extends IOException {
  public PickleException(String problem) {
    super(problem);
  }
}
