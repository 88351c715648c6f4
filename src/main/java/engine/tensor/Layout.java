package engine.tensor;

/**
 * How a tensor's elements lie in memory. Users see shapes only; a backend chooses the layouts of
 * what it computes and keeps its own implementations of this interface. {@link #ROW_MAJOR} is the
 * only one that every device understands.
 */
public interface Layout {
  Layout ROW_MAJOR =
      new Layout() {
        @Override
        public String toString() {
          return "row-major";
        }
      };

  default boolean isRowMajor() {
    return this == ROW_MAJOR;
  }
}
