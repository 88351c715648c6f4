package engine.tensor;

/**
 * A block of device memory with a reference count. Not thread-safe: a device's storages belong to
 * the one thread that issues work to it. Nothing here hangs on the garbage collector.
 */
public final class Storage {
  /** Who takes the memory back when the last reference goes. */
  public interface Owner {
    void free(Storage storage);
  }

  private final long address;
  private final long bytes;
  private final Owner owner;
  private int references = 1;

  public Storage(long address, long bytes, Owner owner) {
    this.address = address;
    this.bytes = bytes;
    this.owner = owner;
  }

  /** Device address of the first byte. */
  public long address() {
    if (references <= 0) {
      throw new IllegalStateException("this memory was released already");
    }
    return address;
  }

  /** The block's address for its owner, also after the last reference went. */
  public long block() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  public boolean isLive() {
    return references > 0;
  }

  public boolean isShared() {
    return references > 1;
  }

  void retain() {
    address();
    references++;
  }

  void release() {
    address();
    if (--references == 0) {
      owner.free(this);
    }
  }
}
