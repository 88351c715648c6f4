package engine.inspect.kernel;

import engine.backend.kernels.Argument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Arguments of sample launches; all are made once, in one order, so that the numbers stay. */
final class SampleValues {
  /** Tensors a launch of cuda/multi_tensor.cuh. */
  private static final int MAX_TENSORS = 54;

  private static final int CHUNK = 4096;

  private static final int MAX_INDICES = 768;

  private static final Random RANDOM = new Random(1);

  private SampleValues() {}

  // ---- numbers ----

  static Argument i32(int v) {
    return new Argument.Scalar(v, 4);
  }

  static Argument i64(long v) {
    return new Argument.Scalar(v, 8);
  }

  static Argument f32(double v) {
    return new Argument.Scalar(Float.floatToRawIntBits((float) v), 4);
  }

  static Argument f64(double v) {
    return new Argument.Scalar(Double.doubleToRawLongBits(v), 8);
  }

  /** A pointer that the kernel allows to be null. */
  static Argument none() {
    return i64(0);
  }

  static Argument struct(Argument... fields) {
    return new Argument.Struct(List.of(fields));
  }

  static Argument ints(int... fields) {
    List<Argument> all = new ArrayList<>();
    for (int f : fields) {
      all.add(i32(f));
    }
    return new Argument.Struct(all);
  }

  /** Longs of a struct: the given ones, then zeros up to {@code length}. */
  static List<Argument> longs(int length, long... first) {
    List<Argument> all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(i64(i < first.length ? first[i] : 0));
    }
    return all;
  }

  // ---- memory ----

  /** Room for a result: nobody has written it. */
  static Argument.Buffer room(long bytes) {
    return new Argument.Buffer(null, Math.toIntExact(bytes));
  }

  /** Normally distributed. */
  static Argument.Buffer normal(int n) {
    ByteBuffer b = bytes(4L * n);
    for (int i = 0; i < n; i++) {
      b.putFloat((float) RANDOM.nextGaussian());
    }
    return buffer(b);
  }

  /** Uniform in [0, 1). */
  static Argument.Buffer uniform(int n) {
    ByteBuffer b = bytes(4L * n);
    for (int i = 0; i < n; i++) {
      b.putFloat(RANDOM.nextFloat());
    }
    return buffer(b);
  }

  /** Normally distributed fp16. */
  static Argument.Buffer halves(int n) {
    ByteBuffer b = bytes(2L * n);
    for (int i = 0; i < n; i++) {
      b.putShort(Float.floatToFloat16((float) RANDOM.nextGaussian()));
    }
    return buffer(b);
  }

  /** Whole numbers in [0, bound). */
  static Argument.Buffer indices(int n, int bound) {
    ByteBuffer b = bytes(4L * n);
    for (int i = 0; i < n; i++) {
      b.putInt(RANDOM.nextInt(bound));
    }
    return buffer(b);
  }

  /** Bytes in [0, bound). */
  static Argument.Buffer places(int n, int bound) {
    byte[] all = new byte[n];
    for (int i = 0; i < n; i++) {
      all[i] = (byte) RANDOM.nextInt(bound);
    }
    return new Argument.Buffer(all, n);
  }

  /** Any bytes: pixels, or bits. */
  static Argument.Buffer noise(int n) {
    byte[] all = new byte[n];
    RANDOM.nextBytes(all);
    return new Argument.Buffer(all, n);
  }

  static Argument.Buffer zeros(long bytes) {
    return buffer(bytes(bytes));
  }

  static Argument.Buffer floats(double... values) {
    ByteBuffer b = bytes(4L * values.length);
    for (double v : values) {
      b.putFloat((float) v);
    }
    return buffer(b);
  }

  static Argument.Buffer longsInMemory(long... values) {
    ByteBuffer b = bytes(8L * values.length);
    for (long v : values) {
      b.putLong(v);
    }
    return buffer(b);
  }

  /** Structs in memory, of four-byte fields: Integer or Float. */
  static Argument.Buffer records(Number... fields) {
    ByteBuffer b = bytes(4L * fields.length);
    for (Number f : fields) {
      if (f instanceof Float v) {
        b.putFloat(v);
      } else {
        b.putInt(f.intValue());
      }
    }
    return buffer(b);
  }

  private static ByteBuffer bytes(long n) {
    return ByteBuffer.allocate(Math.toIntExact(n)).order(ByteOrder.nativeOrder());
  }

  private static Argument.Buffer buffer(ByteBuffer b) {
    return new Argument.Buffer(b.array(), b.capacity());
  }

  // ---- structs of cuda/multi_tensor.cuh ----

  /** Which of several tensors' columns a buffer is for. */
  interface Column {
    Argument of(int elements);
  }

  /** Blocks that share a tensor. */
  static int chunks(int elements) {
    return (elements + CHUNK - 1) / CHUNK;
  }

  /** {@code TensorList}: tensors of the given sizes, a column each of what belongs to a tensor. */
  static Argument tensorList(int[] sizes, Column... columns) {
    List<Argument> fields = new ArrayList<>();
    for (Column c : columns) {
      for (int t = 0; t < MAX_TENSORS; t++) {
        fields.add(t < sizes.length ? c.of(sizes[t]) : none());
      }
    }
    for (int t = 0; t < MAX_TENSORS; t++) {
      fields.add(i64(t < sizes.length ? sizes[t] : 0));
    }
    for (int t = 0; t < MAX_TENSORS; t++) {
      fields.add(i32(t));
    }
    int chunks = 0;
    for (int t = 0; t < MAX_TENSORS; t++) {
      chunks += t < sizes.length ? chunks(sizes[t]) : 0;
      fields.add(i32(chunks));
    }
    fields.add(i64(0)); // no half gradients
    return new Argument.Struct(fields);
  }

  /** {@code Indices}: 0, 1, 2, … */
  static Argument tensorIndices() {
    List<Argument> all = new ArrayList<>();
    for (int i = 0; i < MAX_INDICES; i++) {
      all.add(i32(i));
    }
    return new Argument.Struct(all);
  }
}
