package engine.backend.cuda;

import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct Broadcast} of cuda/binary.cu: the strides of two operands in the shape of their
 * result.
 */
final class BroadcastShape {
  private static final int MAX_AXES = 6;
  private static final int BYTES = 8 * 3 * MAX_AXES + 8;

  private record Axis(long dim, long strideA, long strideB) {}

  final Shape result;
  private final List<Axis> axes = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if the shapes do not broadcast
   */
  BroadcastShape(Shape a, Shape b) {
    result = Shape.broadcast(a, b);
    long strideA = 1;
    long strideB = 1;
    for (int i = 1; i <= result.rank(); i++) {
      long dim = result.dim(-i);
      long da = i <= a.rank() ? a.dim(-i) : 1;
      long db = i <= b.rank() ? b.dim(-i) : 1;
      if (dim != 1) {
        add(new Axis(dim, da == 1 ? 0 : strideA, db == 1 ? 0 : strideB));
      }
      strideA *= da;
      strideB *= db;
    }
    if (axes.size() > MAX_AXES) {
      throw new IllegalArgumentException(
          a + " and " + b + " broadcast over more than " + MAX_AXES + " separate axes");
    }
  }

  /**
   * Adds an axis outside the others; one that runs on in both operands becomes one with the last.
   */
  private void add(Axis outer) {
    if (!axes.isEmpty()) {
      Axis inner = axes.getFirst();
      if (outer.strideA == inner.strideA * inner.dim
          && outer.strideB == inner.strideB * inner.dim) {
        axes.set(0, new Axis(inner.dim * outer.dim, inner.strideA, inner.strideB));
        return;
      }
    }
    axes.addFirst(outer);
  }

  MemorySegment struct(Arena arena) {
    MemorySegment s = arena.allocate(BYTES, 8);
    for (int i = 0; i < axes.size(); i++) {
      s.setAtIndex(ValueLayout.JAVA_LONG, i, axes.get(i).dim);
      s.setAtIndex(ValueLayout.JAVA_LONG, MAX_AXES + i, axes.get(i).strideA);
      s.setAtIndex(ValueLayout.JAVA_LONG, 2 * MAX_AXES + i, axes.get(i).strideB);
    }
    s.set(ValueLayout.JAVA_INT, BYTES - 8, axes.size());
    return s;
  }
}
