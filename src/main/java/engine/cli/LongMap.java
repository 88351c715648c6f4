package engine.cli;

/** A map from longs other than 0 to longs: 32 bytes an entry at most, besides what it grows by. */
final class LongMap {
  private long[] keys = new long[1 << 10];
  private long[] values = new long[keys.length];
  private int size;

  /** The value of a key, or 0 if it has none. */
  long get(long key) {
    return values[slot(key)];
  }

  /** Sets a value and returns the one before, or 0. */
  long put(long key, long value) {
    if (size >= keys.length / 2) {
      grow();
    }
    int at = slot(key);
    long before = values[at];
    size += keys[at] == 0 ? 1 : 0;
    keys[at] = key;
    values[at] = value;
    return before;
  }

  int size() {
    return size;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** Where the key is, or would be put: linear probing. */
  private int slot(long key) {
    int at = (int) key & keys.length - 1;
    while (keys[at] != 0 && keys[at] != key) {
      at = at + 1 & keys.length - 1;
    }
    return at;
  }
}
