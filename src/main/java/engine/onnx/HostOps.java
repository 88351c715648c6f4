package engine.onnx;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The small ops around a network that are not worth a device: shapes, casts, slices. */
final class HostOps {
  private HostOps() {}

  /** An element at a time; both of one shape, or one of them a single value, or by channel. */
  interface Both {
    double of(double a, double b);
  }

  static HostTensor binary(HostTensor a, HostTensor b, Both f) {
    Shape shape = broadcast(a.shape(), b.shape());
    HostTensor out = HostTensor.zeros(a.dtype(), shape);
    for (long i = 0; i < shape.elements(); i++) {
      set(out, i, f.of(a.get(index(i, shape, a.shape())), b.get(index(i, shape, b.shape()))));
    }
    return out;
  }

  static HostTensor cast(HostTensor x, DType to) {
    HostTensor out = HostTensor.zeros(to, x.shape());
    for (long i = 0; i < x.shape().elements(); i++) {
      set(out, i, x.get(i));
    }
    return out;
  }

  static HostTensor concat(HostTensor[] parts, int axis) {
    long[] dims = parts[0].shape().dims();
    dims[axis] = 0;
    for (HostTensor p : parts) {
      dims[axis] += p.shape().dim(axis);
    }
    HostTensor out = HostTensor.zeros(parts[0].dtype(), Shape.of(dims));
    long inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    long at = 0;
    for (HostTensor p : parts) {
      long run = p.shape().dim(axis) * inner;
      for (long i = 0; i < p.shape().elements(); i++) {
        set(out, i / run * (dims[axis] * inner) + at + i % run, p.get(i));
      }
      at += run;
    }
    return out;
  }

  /** Rows of x by number. */
  static HostTensor gather(HostTensor x, HostTensor indices) {
    long[] dims = new long[x.shape().rank() - 1 + indices.shape().rank()];
    System.arraycopy(indices.shape().dims(), 0, dims, 0, indices.shape().rank());
    System.arraycopy(x.shape().dims(), 1, dims, indices.shape().rank(), x.shape().rank() - 1);
    HostTensor out = HostTensor.zeros(x.dtype(), Shape.of(dims));
    long row = x.shape().elements() / Math.max(1, x.shape().dim(0));
    for (long i = 0; i < out.shape().elements(); i++) {
      set(out, i, x.get((long) indices.get(i / row) * row + i % row));
    }
    return out;
  }

  /** The same elements under another shape. */
  static HostTensor shaped(HostTensor x, long... dims) {
    return new HostTensor(x.dtype(), Shape.of(dims), x.data());
  }

  static HostTensor squeeze(HostTensor x, long[] axes) {
    List<Long> gone = new ArrayList<>();
    for (long a : axes) {
      gone.add(Math.floorMod(a, (long) x.shape().rank()));
    }
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < x.shape().rank(); i++) {
      if (axes.length == 0 ? x.shape().dim(i) != 1 : !gone.contains((long) i)) {
        dims.add(x.shape().dim(i));
      }
    }
    return shaped(x, dims.stream().mapToLong(Long::longValue).toArray());
  }

  static HostTensor unsqueeze(HostTensor x, long[] axes) {
    List<Long> dims = new ArrayList<>();
    for (long d : x.shape().dims()) {
      dims.add(d);
    }
    long[] sorted = axes.clone();
    int rank = dims.size() + axes.length;
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = Math.floorMod(sorted[i], (long) rank);
    }
    Arrays.sort(sorted);
    for (long a : sorted) {
      dims.add((int) a, 1L);
    }
    return shaped(x, dims.stream().mapToLong(Long::longValue).toArray());
  }

  static HostTensor range(long from, long to, long step) {
    int n = (int) Math.max(0, Math.ceilDiv(to - from, step));
    long[] v = new long[n];
    for (int i = 0; i < n; i++) {
      v[i] = from + i * step;
    }
    return HostTensor.of(v, n);
  }

  static HostTensor transpose(HostTensor x, long[] order) {
    long[] dims = new long[order.length];
    long[] strides = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      dims[i] = x.shape().dim((int) order[i]);
      long s = 1;
      for (int k = (int) order[i] + 1; k < order.length; k++) {
        s *= x.shape().dim(k);
      }
      strides[i] = s;
    }
    return pick(x, dims, strides, 0);
  }

  static HostTensor slice(HostTensor x, long[] starts, long[] ends, long[] axes) {
    long[] dims = x.shape().dims();
    long[] strides = new long[dims.length];
    long s = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = s;
      s *= dims[i];
    }
    long from = 0;
    for (int i = 0; i < axes.length; i++) {
      int a = (int) axes[i];
      from += starts[i] * strides[a];
      dims[a] = Math.min(ends[i], dims[a]) - starts[i];
    }
    return pick(x, dims, strides, from);
  }

  /** A border of zeros. */
  static HostTensor pad(HostTensor x, long[] pads) {
    int rank = x.shape().rank();
    long[] dims = x.shape().dims();
    for (int i = 0; i < rank; i++) {
      dims[i] += pads[i] + pads[rank + i];
    }
    HostTensor out = HostTensor.zeros(x.dtype(), Shape.of(dims));
    for (long i = 0; i < x.shape().elements(); i++) {
      long rest = i;
      long at = 0;
      long stride = 1;
      for (int k = rank - 1; k >= 0; k--) {
        at += (rest % x.shape().dim(k) + pads[k]) * stride;
        rest /= x.shape().dim(k);
        stride *= dims[k];
      }
      set(out, at, x.get(i));
    }
    return out;
  }

  private static HostTensor pick(HostTensor x, long[] dims, long[] strides, long from) {
    HostTensor out = HostTensor.zeros(x.dtype(), Shape.of(dims));
    for (long i = 0; i < out.shape().elements(); i++) {
      long rest = i;
      long at = from;
      for (int k = dims.length - 1; k >= 0; k--) {
        at += rest % dims[k] * strides[k];
        rest /= dims[k];
      }
      set(out, i, x.get(at));
    }
    return out;
  }

  static void set(HostTensor t, long i, double v) {
    switch (t.dtype()) {
      case F32 -> t.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, (float) v);
      case I64 -> t.data().set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8, (long) v);
      case I32 -> t.data().set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, (int) v);
      case U8, I8, BOOL -> t.data().set(ValueLayout.JAVA_BYTE, i, (byte) (int) v);
      default -> throw new IllegalArgumentException("no host op makes " + t.dtype());
    }
  }

  private static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] dims = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long x = i <= a.rank() ? a.dim(a.rank() - i) : 1;
      long y = i <= b.rank() ? b.dim(b.rank() - i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(a + " and " + b + " do not fit each other");
      }
      dims[rank - i] = Math.max(x, y);
    }
    return Shape.of(dims);
  }

  private static long index(long flat, Shape of, Shape in) {
    long rest = flat;
    long at = 0;
    long stride = 1;
    for (int k = 1; k <= of.rank(); k++) {
      long d = of.dim(of.rank() - k);
      if (k <= in.rank()) {
        long e = in.dim(in.rank() - k);
        at += (e == 1 ? 0 : rest % d) * stride;
        stride *= e;
      }
      rest /= d;
    }
    return at;
  }
}
