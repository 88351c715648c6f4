package engine.weights.pickle;

/**
 * The memory that reading a file may take: some multiple of the file's size, so that a small file
 * cannot ask for much. Everything that a file makes the reader create is taken from it first.
 */
public final class Allowance {
  /** What reading needs whatever the size of the file. */
  private static final long BASE_BYTES = 256 << 10;

  private static final long FACTOR = 8;

  private final long limit;
  private long left;

  /**
   * @param fileBytes size of the file
   */
  public Allowance(long fileBytes) {
    limit = BASE_BYTES + FACTOR * fileBytes;
    left = limit;
  }

  /**
   * @throws PickleException when it is used up
   */
  public void take(long bytes) throws PickleException {
    if (bytes < 0 || bytes > left) {
      throw new PickleException(
          "asks for more memory than its size allows ("
              + limit
              + " bytes); it was made to do harm"
              + " or is damaged");
    }
    left -= bytes;
  }
}
