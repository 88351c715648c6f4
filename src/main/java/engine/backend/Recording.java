package engine.backend;

/**
 * A piece of work that was recorded once and can be run again without deciding anything: the same
 * kernels on the same memory. Numbers that change between runs are read from tensors that live
 * outside it. The memory that its intermediate results used stays reserved until it is closed.
 */
public interface Recording extends AutoCloseable {
  /** Runs it again. */
  void replay();

  /** Kernels in it. */
  int kernels();

  /** Bytes reserved for its intermediate results. */
  long reservedBytes();

  /** Frees the memory. */
  @Override
  void close();
}
