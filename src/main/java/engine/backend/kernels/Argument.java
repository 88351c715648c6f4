package engine.backend.kernels;

import java.util.List;

/** What a kernel is launched with, without a device: memory is described by what it holds. */
public sealed interface Argument {
  /**
   * A number by value.
   *
   * @param bits of an integer or a float
   * @param bytes 4 or 8
   */
  record Scalar(long bits, int bytes) implements Argument {}

  /**
   * A pointer to memory of its own. The same object given twice is the same memory.
   *
   * @param content what it holds before the launch; null if nobody has written it
   * @param bytes its size
   */
  @SuppressWarnings("ArrayRecordComponent") // two buffers are the same only if they are one
  record Buffer(byte[] content, int bytes) implements Argument {
    @Override
    public boolean equals(Object o) {
      return this == o;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A struct by value, each field aligned to its own size, as C does it. */
  record Struct(List<Argument> fields) implements Argument {}
}
