package engine.tensor;

/**
 * A value on a device: element type, shape, layout, and a counted reference to storage. Whoever got
 * a tensor from a backend call closes it; {@link #retain} makes a second owner. Reading values goes
 * through {@code backend.memory().download}.
 */
public final class Tensor implements AutoCloseable {
  private final DType dtype;
  private final Shape shape;
  private final Layout layout;
  private final Storage storage;

  /** Takes over one reference to {@code storage}. */
  public Tensor(DType dtype, Shape shape, Layout layout, Storage storage) {
    this.dtype = dtype;
    this.shape = shape;
    this.layout = layout;
    this.storage = storage;
  }

  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return shape;
  }

  public Layout layout() {
    return layout;
  }

  public Storage storage() {
    return storage;
  }

  public long address() {
    return storage.address();
  }

  /** A second owner of the same storage. */
  public Tensor retain() {
    storage.retain();
    return new Tensor(dtype, shape, layout, storage);
  }

  /** The same row-major elements under another shape; a second owner of the storage. */
  public Tensor reshape(Shape other) {
    if (!layout.isRowMajor()) {
      throw new IllegalStateException("only row-major tensors can be reshaped, not " + this);
    }
    if (other.elements() != shape.elements()) {
      throw new IllegalArgumentException("cannot reshape " + shape + " to " + other);
    }
    storage.retain();
    return new Tensor(dtype, other, layout, storage);
  }

  /**
   * The same memory seen with another shape and layout, for backends, which know how it lies; a
   * second owner of the storage.
   */
  public Tensor view(Shape other, Layout otherLayout) {
    storage.retain();
    return new Tensor(dtype, other, otherLayout, storage);
  }

  /** Gives up this reference. */
  @Override
  public void close() {
    storage.release();
  }

  @Override
  public String toString() {
    return dtype + " " + shape + " " + layout;
  }
}
