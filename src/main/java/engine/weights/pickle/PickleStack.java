package engine.weights.pickle;

import java.util.Arrays;

/** Values and the marks among them. Python's pickler keeps both far below these limits. */
final class PickleStack {
  private static final int MAX_VALUES = 1 << 16;
  private static final int MAX_MARKS = 1 << 12;

  private Object[] values = new Object[64];
  private int[] marks = new int[16];
  private int size;
  private int marked;

  void push(Object value) throws PickleException {
    if (size == values.length) {
      if (size == MAX_VALUES) {
        throw new PickleException("is damaged: its pickle piles up more than 65536 values");
      }
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  Object pop() throws PickleException {
    peek();
    Object top = values[--size];
    values[size] = null;
    return top;
  }

  Object peek() throws PickleException {
    if (size == floor()) {
      throw new PickleException("is damaged: its pickle takes a value that is not there");
    }
    return values[size - 1];
  }

  void mark() throws PickleException {
    if (marked == marks.length) {
      if (marked == MAX_MARKS) {
        throw new PickleException("is damaged: its pickle nests deeper than 4096");
      }
      marks = Arrays.copyOf(marks, 2 * marked);
    }
    marks[marked++] = size;
  }

  /** How many values {@link #popMark} would give. */
  int sinceMark() throws PickleException {
    if (marked == 0) {
      throw new PickleException("is damaged: its pickle takes a mark that is not there");
    }
    return size - marks[marked - 1];
  }

  /** The values above the last mark, which goes with them. */
  Object[] popMark() throws PickleException {
    int n = sinceMark();
    Object[] out = Arrays.copyOfRange(values, size - n, size);
    Arrays.fill(values, size - n, size, null);
    size -= n;
    marked--;
    return out;
  }

  private int floor() {
    return marked == 0 ? 0 : marks[marked - 1];
  }
}
