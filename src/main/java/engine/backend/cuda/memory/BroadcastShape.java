package engine.backend.cuda.memory;

import engine.backend.cuda.layout.ChannelsLast;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct Broadcast} of cuda/binary.cu: the strides of two operands, whatever their layouts,
 * in the shape of their result, its axes in the order of memory.
 */
public final class BroadcastShape {
  private static final int MAX_AXES = 6;
  private static final int BYTES = 8 * 3 * MAX_AXES + 8;

  private record Axis(long dim, long strideA, long strideB) {}

  public final Shape result;

  /** Channels-last if an operand is. */
  public final Layout layout;

  private final List<Axis> axes = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if the shapes do not broadcast
   */
  public BroadcastShape(Tensor a, Tensor b) {
    result = Shape.broadcast(a.shape(), b.shape());
    boolean plain = a.layout().isRowMajor() && b.layout().isRowMajor();
    layout = plain || result.rank() != 4 ? Layout.ROW_MAJOR : ChannelsLast.of(result);
    long[] ofA = ChannelsLast.strides(a.shape(), a.layout());
    long[] ofB = ChannelsLast.strides(b.shape(), b.layout());
    int[] order = ChannelsLast.order(result, layout);
    for (int i = order.length - 1; i >= 0; i--) {
      int fromLast = result.rank() - order[i];
      long dim = result.dim(order[i]);
      if (dim != 1) {
        add(new Axis(dim, stride(a.shape(), ofA, fromLast), stride(b.shape(), ofB, fromLast)));
      }
    }
    if (axes.size() > MAX_AXES) {
      throw new IllegalArgumentException(
          a.shape()
              + " and "
              + b.shape()
              + " broadcast over more than "
              + MAX_AXES
              + " separate axes");
    }
  }

  /** Stride of the axis that many from the last; 0 where it repeats. */
  private static long stride(Shape s, long[] strides, int fromLast) {
    int axis = s.rank() - fromLast;
    return axis < 0 || s.dim(axis) == 1 ? 0 : strides[axis];
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

  public MemorySegment struct(Arena arena) {
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
