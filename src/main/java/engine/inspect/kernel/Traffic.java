package engine.inspect.kernel;

/**
 * Accesses of one kind to one memory.
 *
 * @param requests of warps
 * @param parts 32-byte sectors of global memory, or wavefronts of shared memory
 * @param leastParts wavefronts that the same shared accesses take where no two lanes meet in a bank
 * @param bytes that lanes asked for; what several lanes share counts once
 */
record Traffic(long requests, long parts, long leastParts, long bytes) {
  static final Traffic NONE = new Traffic(0, 0, 0, 0);
  static final int SECTOR = 32;

  Traffic plus(Traffic t) {
    return new Traffic(
        requests + t.requests, parts + t.parts, leastParts + t.leastParts, bytes + t.bytes);
  }

  /** Sectors or wavefronts a request; 0 without requests. */
  double partsEach() {
    return requests == 0 ? 0 : (double) parts / requests;
  }

  /** The share of the moved sectors' bytes that somebody asked for, 0 to 1. */
  double used() {
    return parts == 0 ? 0 : (double) bytes / (parts * SECTOR);
  }

  /** Wavefronts that bank conflicts cost. */
  long conflicts() {
    return Math.max(0, parts - leastParts);
  }
}
