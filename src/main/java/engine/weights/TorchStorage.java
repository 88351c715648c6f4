package engine.weights;

import engine.tensor.DType;
import engine.weights.pickle.PickleException;
import java.lang.foreign.MemorySegment;

/** The numbers under one or several tensors of a file; its bytes are found after the pickle. */
final class TorchStorage {
  private final String key;
  private final DType dtype;
  private final long elements;
  private MemorySegment bytes;

  /**
   * @param dtype U8 for storages without a type
   */
  TorchStorage(String key, DType dtype, long elements) throws PickleException {
    if (elements < 0 || elements > Long.MAX_VALUE / 8) {
      throw new PickleException(
          "is damaged: its storage %s claims %d elements"
              .formatted(ZipEntries.quote(key), elements));
    }
    this.key = key;
    this.dtype = dtype;
    this.elements = elements;
  }

  String key() {
    return key;
  }

  DType dtype() {
    return dtype;
  }

  long elements() {
    return elements;
  }

  long byteSize() {
    return elements * dtype.bytes();
  }

  /** Where its bytes lie; the size must be what was claimed. */
  void place(MemorySegment found) throws PickleException {
    if (found.byteSize() != byteSize()) {
      throw new PickleException(
          "is damaged: its storage %s has %d bytes and needs %d"
              .formatted(ZipEntries.quote(key), found.byteSize(), byteSize()));
    }
    bytes = found;
  }

  MemorySegment bytes() {
    return bytes;
  }
}
