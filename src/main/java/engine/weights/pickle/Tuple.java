package engine.weights.pickle;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Python's tuple. Not a record: its equality is identity, because a tuple of tuples of tuples, each
 * holding the same one twice, would take for ever to compare.
 */
public final class Tuple {
  private final Object[] items;

  Tuple(Object... items) {
    this.items = items;
  }

  public List<Object> items() {
    return Collections.unmodifiableList(Arrays.asList(items));
  }
}
