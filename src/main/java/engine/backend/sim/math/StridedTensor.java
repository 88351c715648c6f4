package engine.backend.sim.math;

import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.memory.DeviceMemory;
import java.util.Arrays;

/**
 * A tensor somewhere in device memory. Values in Java are always in row-major order of the extents,
 * whatever the strides.
 *
 * @param name what a report calls it
 * @param dims extents, outermost first
 * @param strides elements between neighbours of each axis; 0 repeats an element
 * @param address of its first element, on the device
 */
public record StridedTensor(
    String name, ElementType type, long[] dims, long[] strides, long address) {

  /** Number of elements. */
  public int elements() {
    return elements(dims);
  }

  /** Product of extents. */
  public static int elements(long[] dims) {
    return Math.toIntExact(Arrays.stream(dims).reduce(1, Math::multiplyExact));
  }

  /** Strides of extents that lie row-major with no gaps. */
  public static long[] packed(long... dims) {
    long[] strides = new long[dims.length];
    long run = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = run;
      run *= dims[i];
    }
    return strides;
  }

  /** Bytes from the first element to the end of the last. */
  public long spanBytes() {
    long last = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0) {
        return 0;
      }
      last += (dims[i] - 1) * strides[i];
    }
    return (last + 1) * type.bytes();
  }

  /**
   * The values.
   *
   * @throws KernelFault if one may not be read or was never written
   */
  public double[] read(DeviceMemory memory) {
    check(memory, true);
    double[] values = new double[elements()];
    long start = address - DeviceMemory.BASE;
    walk((i, at) -> values[i] = type.read(memory, start + at * type.bytes()));
    return values;
  }

  /**
   * Stores values, rounded to the type.
   *
   * @throws KernelFault if one may not be written
   */
  public void write(DeviceMemory memory, double[] values) {
    check(memory, false);
    long start = address - DeviceMemory.BASE;
    walk((i, at) -> type.write(memory, start + at * type.bytes(), type.round(values[i])));
    if (isDense()) {
      memory.writtenRange(start, spanBytes());
    } else {
      walk((i, at) -> memory.written(start + at * type.bytes(), type.bytes()));
    }
  }

  /** Whether the elements are all there is between the first and the last. */
  private boolean isDense() {
    return spanBytes() == (long) elements() * type.bytes();
  }

  private void check(DeviceMemory memory, boolean mustBeWritten) {
    long start = address - DeviceMemory.BASE;
    if (elements() == 0) {
      return;
    }
    if (address % type.bytes() != 0) {
      throw new KernelFault(
          KernelFault.MISALIGNED_ADDRESS,
          "%s at 0x%x is not a multiple of its %d-byte elements"
              .formatted(this, address, type.bytes()));
    }
    if (isDense()) {
      long bad = memory.firstBad(start, spanBytes(), mustBeWritten);
      if (bad >= 0) {
        throw fault(memory, bad, mustBeWritten);
      }
      return;
    }
    int bytes = type.bytes();
    walk(
        (i, at) -> {
          long p = start + at * bytes;
          if (!(mustBeWritten ? memory.readable(p, bytes) : memory.writable(p, bytes))) {
            throw fault(memory, p, mustBeWritten);
          }
        });
  }

  private KernelFault fault(DeviceMemory memory, long offset, boolean read) {
    return new KernelFault(
        KernelFault.ILLEGAL_ADDRESS,
        "%s %s, byte %,d of it: %s"
            .formatted(
                read ? "reading" : "writing",
                this,
                offset + DeviceMemory.BASE - address,
                memory.explain(offset, type.bytes())));
  }

  /** What to do with an element: its row-major index and its place, in elements from the first. */
  private interface Visitor {
    void element(int index, long place);
  }

  private void walk(Visitor v) {
    int rank = dims.length;
    int inner = rank == 0 ? 1 : (int) dims[rank - 1];
    long step = rank == 0 ? 0 : strides[rank - 1];
    int rows = inner == 0 ? 0 : elements() / inner;
    long[] index = new long[rank];
    long base = 0;
    int i = 0;
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < inner; k++) {
        v.element(i++, base + k * step);
      }
      for (int d = rank - 2; d >= 0; d--) { // the next row
        base += strides[d];
        if (++index[d] < dims[d]) {
          break;
        }
        base -= dims[d] * strides[d];
        index[d] = 0;
      }
    }
  }

  @Override
  public String toString() {
    return "%s (%s %s, strides %s, at 0x%x)"
        .formatted(name, type, Arrays.toString(dims), Arrays.toString(strides), address);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof StridedTensor t
        && type == t.type
        && address == t.address
        && Arrays.equals(dims, t.dims)
        && Arrays.equals(strides, t.strides);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(address);
  }
}
