package engine.backend.cuda.memory;

import engine.backend.cuda.layout.ChannelsLast;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code struct Reduction} of cuda/reduce.cu: kept and reduced axes of a tensor, merged. Kept axes
 * are in the order of the shape, since results are row-major; reduced ones in that of memory.
 */
public final class ReductionShape {
  private static final int MAX_AXES = 4;
  private static final int BYTES = 8 * (4 * MAX_AXES + 2) + 2 * 4;

  private record Axis(long dim, long stride) {}

  private final List<Axis> kept;
  private final List<Axis> reduced;
  public final long outputs;

  /** Elements that go into one output. */
  public final long inputs;

  public ReductionShape(Tensor x, boolean[] isReduced) {
    long[] strides = ChannelsLast.strides(x.shape(), x.layout());
    List<Axis> keptAxes = new ArrayList<>();
    List<Axis> reducedAxes = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      if (x.shape().dim(i) != 1) {
        (isReduced[i] ? reducedAxes : keptAxes).add(new Axis(x.shape().dim(i), strides[i]));
      }
    }
    reducedAxes.sort(Comparator.comparingLong(Axis::stride).reversed());
    kept = merge(keptAxes);
    reduced = merge(reducedAxes);
    if (kept.size() > MAX_AXES || reduced.size() > MAX_AXES) {
      throw new IllegalArgumentException(
          "a reduction of "
              + x.shape()
              + " has more than "
              + MAX_AXES
              + " separate axes of a kind");
    }
    outputs = product(kept);
    inputs = product(reduced);
  }

  /** Whether outputs that follow each other lie side by side in the input. */
  public boolean outputsAreNeighbours() {
    return !kept.isEmpty() && kept.getLast().stride == 1 && kept.getLast().dim > 1;
  }

  public MemorySegment struct(Arena arena) {
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

  /** Makes one axis of two where the inner one runs on into the outer. */
  private static List<Axis> merge(List<Axis> axes) {
    List<Axis> out = new ArrayList<>();
    for (Axis inner : axes) {
      Axis outer = out.isEmpty() ? null : out.getLast();
      if (outer != null && outer.stride == inner.stride * inner.dim) {
        out.set(out.size() - 1, new Axis(outer.dim * inner.dim, inner.stride));
      } else {
        out.add(inner);
      }
    }
    return out;
  }

  private static long product(List<Axis> axes) {
    return axes.stream().mapToLong(Axis::dim).reduce(1, (a, b) -> a * b);
  }
}
