package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.ElementType;
import java.util.Arrays;

/**
 * A finalised tensor descriptor.
 *
 * @param uid by which a variant pack gives its address
 * @param dims N, C, H, W whatever the order in memory; filters O, C/groups, H, W
 * @param strides in elements
 * @param alignment of its address, in bytes
 * @param virtual whether it lives inside the graph only
 * @param byValue whether its address is the host's
 */
record DnnTensor(
    long uid,
    ElementType type,
    long[] dims,
    long[] strides,
    long alignment,
    boolean virtual,
    boolean byValue) {

  /**
   * Checks a descriptor. Stricter than cuDNN 9.24, which takes tensors without type or id, empty
   * ones, and strides that make elements overlap.
   */
  static DnnTensor of(Descriptor d) {
    ElementType type = DataTypes.of(d.number(Attribute.TENSOR_DATA_TYPE));
    long[] dims = d.elements(Attribute.TENSOR_DIMENSIONS);
    long[] strides = d.elements(Attribute.TENSOR_STRIDES);
    boolean byValue = d.number(Attribute.TENSOR_IS_BY_VALUE, 0) != 0;
    boolean virtual = d.number(Attribute.TENSOR_IS_VIRTUAL, 0) != 0;
    long alignment = d.number(Attribute.TENSOR_BYTE_ALIGNMENT);
    if (dims.length != strides.length) {
      throw bad("%d extents but %d strides", dims.length, strides.length);
    }
    if (alignment <= 0 || alignment % type.bytes() != 0) {
      throw bad(
          "an alignment of %d bytes is no positive multiple of the %d bytes of %s",
          alignment, type.bytes(), type);
    }
    if (d.number(Attribute.TENSOR_REORDERING_MODE, 0) != 0) {
      throw new DnnError(Status.NOT_SUPPORTED_LAYOUT, "the software GPU reorders no tensors");
    }
    if (byValue && (virtual || Arrays.stream(dims).anyMatch(n -> n != 1))) {
      throw bad("a tensor by value is one element and not virtual");
    }
    DnnTensor t =
        new DnnTensor(
            d.number(Attribute.TENSOR_UNIQUE_ID), type, dims, strides, alignment, virtual, byValue);
    t.checkStrides();
    return t;
  }

  private void checkStrides() {
    long span = 1;
    Integer[] order = new Integer[dims.length];
    Arrays.setAll(order, i -> i);
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] <= 0 || strides[i] < 0) {
        throw bad("axis %d of %s: extents are positive and strides not negative", i, this);
      }
    }
    Arrays.sort(order, (a, b) -> Long.compare(strides[a], strides[b]));
    for (int i : order) {
      if (dims[i] == 1) {
        continue;
      }
      if (strides[i] < span) {
        throw bad("axis %d of %s: its elements overlap with those of another axis", i, this);
      }
      span = Math.addExact(span, Math.multiplyExact(dims[i] - 1, strides[i]));
    }
    if (span > Integer.MAX_VALUE) {
      throw new DnnError(
          Status.NOT_SUPPORTED_SHAPE, "%s is too large for the software GPU".formatted(this));
    }
  }

  int rank() {
    return dims.length;
  }

  /** Product of the extents. */
  int elements() {
    return Math.toIntExact(Arrays.stream(dims).reduce(1, Math::multiplyExact));
  }

  /** Whether it lies N, H, W, C with no gaps; axes of one element lie anyhow. */
  boolean isChannelsLast() {
    long run = 1;
    for (int axis : new int[] {1, 3, 2, 0}) {
      if (dims[axis] != 1 && strides[axis] != run) {
        return false;
      }
      run *= dims[axis];
    }
    return true;
  }

  boolean sameShape(DnnTensor t) {
    return Arrays.equals(dims, t.dims);
  }

  /** Whether both describe one and the same tensor. */
  boolean sameAs(DnnTensor t) {
    return uid == t.uid
        && type == t.type
        && virtual == t.virtual
        && byValue == t.byValue
        && Arrays.equals(dims, t.dims)
        && Arrays.equals(strides, t.strides);
  }

  @Override
  public String toString() {
    return "tensor %d (%s %s, strides %s%s)"
        .formatted(
            uid,
            type,
            Arrays.toString(dims),
            Arrays.toString(strides),
            virtual ? ", virtual" : byValue ? ", by value" : "");
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof DnnTensor t && sameAs(t) && alignment == t.alignment;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(uid);
  }
}
