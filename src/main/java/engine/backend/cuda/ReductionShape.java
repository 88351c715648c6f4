package engine.backend.cuda;

import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct Reduction} of cuda/reduce.cu: kept and reduced axes of a row-major tensor, merged.
 */
final class ReductionShape {
  private static final int MAX_AXES = 4;
  private static final int BYTES = 8 * (4 * MAX_AXES + 2) + 2 * 4;

  private record Axis(long dim, long stride) {}

  private final List<Axis> kept;
  private final List<Axis> reduced;
  final long outputs;

  /** Elements that go into one output. */
  final long inputs;

  ReductionShape(Shape x, boolean[] isReduced) {
    kept = merge(x, isReduced, false);
    reduced = merge(x, isReduced, true);
    if (kept.size() > MAX_AXES || reduced.size() > MAX_AXES) {
      throw new IllegalArgumentException(
          "a reduction of " + x + " has more than " + MAX_AXES + " separate axes of a kind");
    }
    outputs = product(kept);
    inputs = product(reduced);
  }

  /** Whether outputs that follow each other lie side by side in the input. */
  boolean outputsAreNeighbours() {
    return !kept.isEmpty() && kept.getLast().stride == 1 && kept.getLast().dim > 1;
  }

  MemorySegment struct(Arena arena) {
    MemorySegment s = arena.allocate(BYTES, 8);
    put(s, 0, kept);
    put(s, 2 * MAX_AXES, reduced);
    s.setAtIndex(ValueLayout.JAVA_LONG, 4 * MAX_AXES, outputs);
    s.setAtIndex(ValueLayout.JAVA_LONG, 4 * MAX_AXES + 1, inputs);
    s.set(ValueLayout.JAVA_INT, BYTES - 8, kept.size());
    s.set(ValueLayout.JAVA_INT, BYTES - 4, reduced.size());
    return s;
  }

  private static void put(MemorySegment s, int at, List<Axis> axes) {
    for (int i = 0; i < axes.size(); i++) {
      s.setAtIndex(ValueLayout.JAVA_LONG, at + i, axes.get(i).dim);
      s.setAtIndex(ValueLayout.JAVA_LONG, at + MAX_AXES + i, axes.get(i).stride);
    }
  }

  private static List<Axis> merge(Shape x, boolean[] isReduced, boolean wanted) {
    List<Axis> out = new ArrayList<>();
    long stride = 1;
    boolean joins = false;
    for (int i = x.rank() - 1; i >= 0; i--) {
      if (x.dim(i) == 1) {
        continue;
      }
      if (isReduced[i] == wanted) {
        Axis inner = joins ? out.removeFirst() : new Axis(1, stride);
        out.addFirst(new Axis(x.dim(i) * inner.dim, inner.stride));
      }
      joins = isReduced[i] == wanted;
      stride *= x.dim(i);
    }
    return out;
  }

  private static long product(List<Axis> axes) {
    return axes.stream().mapToLong(Axis::dim).reduce(1, (a, b) -> a * b);
  }
}
