package engine.backend.cuda.dnn;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.ffi.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Backend descriptors of cuDNN; the owner of every one that it makes. */
final class Descriptors implements AutoCloseable {
  private static final int REASON_BYTES = 4096;

  final Cudnn cudnn;
  private final List<Long> live = new ArrayList<>();

  Descriptors(Cudnn cudnn) {
    this.cudnn = cudnn;
  }

  /**
   * @throws CudnnException if {@code status} is not success
   */
  static void check(Cudnn cudnn, int status, String call) {
    if (status == Cudnn.CUDNN_STATUS_SUCCESS) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment reason = arena.allocate(REASON_BYTES);
      cudnn.cudnnGetLastErrorString(reason.address(), REASON_BYTES);
      long name = cudnn.cudnnGetErrorString(status);
      String said = reason.getString(0).strip().replaceAll("\\s+", " ");
      throw new CudnnException(
          call
              + " failed with "
              + MemorySegment.ofAddress(name).reinterpret(Long.MAX_VALUE).getString(0)
              + " ("
              + status
              + ")"
              + (said.isEmpty() ? "" : ": " + said),
          status);
    }
  }

  /** An empty descriptor of a {@code CUDNN_BACKEND_…_DESCRIPTOR} kind. */
  long make(int kind) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      check(
          cudnn,
          cudnn.cudnnBackendCreateDescriptor(kind, out.address()),
          "cudnnBackendCreateDescriptor");
      live.add(out.get(JAVA_LONG, 0));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Ends the setting of attributes; cuDNN checks them now. */
  long finish(long descriptor, String what) {
    check(cudnn, cudnn.cudnnBackendFinalize(descriptor), "cudnnBackendFinalize of " + what);
    return descriptor;
  }

  void setInts(long descriptor, int attribute, int type, int value) {
    try (Arena arena = Arena.ofConfined()) {
      set(descriptor, attribute, type, 1, arena.allocateFrom(JAVA_INT, value));
    }
  }

  /** 64-bit numbers, descriptors, handles or pointers. */
  void setLongs(long descriptor, int attribute, int type, long... values) {
    try (Arena arena = Arena.ofConfined()) {
      set(descriptor, attribute, type, values.length, arena.allocateFrom(JAVA_LONG, values));
    }
  }

  void setParts(long descriptor, int attribute, long... parts) {
    setLongs(descriptor, attribute, Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, parts);
  }

  void setTrue(long descriptor, int attribute) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment yes = arena.allocate(1);
      yes.set(JAVA_BOOLEAN, 0, true);
      set(descriptor, attribute, Cudnn.CUDNN_TYPE_BOOLEAN, 1, yes);
    }
  }

  void setFloat(long descriptor, int attribute, float value) {
    try (Arena arena = Arena.ofConfined()) {
      int type = Cudnn.CUDNN_TYPE_FLOAT;
      set(descriptor, attribute, type, 1, arena.allocateFrom(JAVA_FLOAT, value));
    }
  }

  void setText(long descriptor, int attribute, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(text);
      set(descriptor, attribute, Cudnn.CUDNN_TYPE_CHAR, bytes.byteSize() - 1, bytes);
    }
  }

  private void set(long descriptor, int attribute, int type, long count, MemorySegment values) {
    check(
        cudnn,
        cudnn.cudnnBackendSetAttribute(descriptor, attribute, type, count, values.address()),
        "cudnnBackendSetAttribute " + attribute);
  }

  /** One 64-bit number. */
  long getLong(long descriptor, int attribute) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment v = arena.allocate(JAVA_LONG, 2);
      check(
          cudnn,
          cudnn.cudnnBackendGetAttribute(
              descriptor, attribute, Cudnn.CUDNN_TYPE_INT64, 1, v.address() + 8, v.address()),
          "cudnnBackendGetAttribute " + attribute);
      return v.get(JAVA_LONG, 0);
    }
  }

  /** The members of an enum that an attribute holds, at most 64. */
  Set<Integer> getInts(long descriptor, int attribute, int type) {
    int most = 64;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_LONG);
      MemorySegment values = arena.allocate(JAVA_INT, most);
      check(
          cudnn,
          cudnn.cudnnBackendGetAttribute(
              descriptor, attribute, type, most, count.address(), values.address()),
          "cudnnBackendGetAttribute " + attribute);
      Set<Integer> out = new HashSet<>();
      for (int i = 0; i < Math.min(most, count.get(JAVA_LONG, 0)); i++) {
        out.add(values.getAtIndex(JAVA_INT, i));
      }
      return out;
    }
  }

  /** Characters, without the 0 at their end. */
  String getText(long descriptor, int attribute) {
    int type = Cudnn.CUDNN_TYPE_CHAR;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_LONG);
      String call = "cudnnBackendGetAttribute " + attribute;
      check(
          cudnn,
          cudnn.cudnnBackendGetAttribute(descriptor, attribute, type, 0, count.address(), 0),
          call);
      long n = count.get(JAVA_LONG, 0);
      MemorySegment text = arena.allocate(n + 1);
      check(
          cudnn,
          cudnn.cudnnBackendGetAttribute(
              descriptor, attribute, type, n, count.address(), text.address()),
          call);
      return text.getString(0);
    }
  }

  /** Fills fresh descriptors of {@code kind} with what {@code descriptor} holds. */
  List<Long> getParts(long descriptor, int attribute, int kind) {
    int type = Cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_LONG);
      String call = "cudnnBackendGetAttribute " + attribute;
      check(
          cudnn,
          cudnn.cudnnBackendGetAttribute(descriptor, attribute, type, 0, count.address(), 0),
          call);
      int n = Math.toIntExact(count.get(JAVA_LONG, 0));
      List<Long> parts = new ArrayList<>();
      MemorySegment array = arena.allocate(JAVA_LONG, Math.max(1, n));
      for (int i = 0; i < n; i++) {
        parts.add(make(kind));
        array.setAtIndex(JAVA_LONG, i, parts.get(i));
      }
      if (n > 0) {
        check(
            cudnn,
            cudnn.cudnnBackendGetAttribute(
                descriptor, attribute, type, n, count.address(), array.address()),
            call);
      }
      return parts.subList(0, Math.toIntExact(count.get(JAVA_LONG, 0)));
    }
  }

  @Override
  public void close() {
    for (long d : live.reversed()) {
      int status = cudnn.cudnnBackendDestroyDescriptor(d);
      assert status == Cudnn.CUDNN_STATUS_SUCCESS : status;
    }
    live.clear();
  }
}
