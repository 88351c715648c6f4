package engine.weights;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.pickle.Allowance;
import engine.weights.pickle.PickleException;
import java.lang.foreign.MemorySegment;

/**
 * A tensor as a {@code .pth} file describes it: a view of a storage. Element (i, j, ...) is at
 * {@code offset + i * strides[0] + j * strides[1] + ...}.
 *
 * @param dtype what the storage's bytes mean
 * @param offset in elements
 * @param strides in elements, one an axis
 */
record TorchTensor(TorchStorage storage, DType dtype, long offset, Shape shape, long[] strides) {
  /**
   * The values in row-major order: a view of the file where they lie in that order, else a copy.
   *
   * @throws PickleException if the view reaches outside its storage
   */
  HostTensor values(Allowance allowance) throws PickleException {
    long elements = checkedElements();
    MemorySegment all = storage.bytes();
    int size = dtype.bytes();
    if (elements == 0 || isRowMajor()) {
      return new HostTensor(
          dtype, shape, all.asSlice(elements == 0 ? 0 : offset * size, elements * size));
    }
    allowance.take(elements * size + 64);
    HostTensor out = HostTensor.zeros(dtype, shape);
    long[] index = new long[shape.rank()];
    long from = offset;
    for (long i = 0; i < elements; i++) {
      MemorySegment.copy(all, from * size, out.data(), i * size, size);
      for (int axis = index.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        from -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return out;
  }

  private boolean isRowMajor() {
    long expected = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.dim(axis) != 1 && strides[axis] != expected) {
        return false;
      }
      expected *= shape.dim(axis);
    }
    return true;
  }

  /** Number of elements, once it is known that all of them lie in the storage. */
  private long checkedElements() throws PickleException {
    long held = storage.byteSize() / dtype.bytes();
    try {
      long elements = shape.elements();
      long last = offset;
      for (int axis = 0; axis < strides.length; axis++) {
        if (strides[axis] < 0) {
          throw new PickleException(
              "is damaged: a tensor has the negative stride " + strides[axis]);
        }
        last = Math.addExact(last, Math.multiplyExact(shape.dim(axis) - 1, strides[axis]));
      }
      if (offset < 0 || offset > held || elements > 0 && last >= held) {
        throw new PickleException(
            "is damaged: a tensor of shape %s at %d reaches beyond its storage of %d elements"
                .formatted(shape, offset, held));
      }
      Math.multiplyExact(elements, (long) dtype.bytes());
      return elements;
    } catch (ArithmeticException e) {
      throw new PickleException("is damaged: a tensor of shape " + shape + " is beyond 64 bits");
    }
  }
}
