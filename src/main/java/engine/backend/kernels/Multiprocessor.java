package engine.backend.kernels;

import java.util.List;

/**
 * What a multiprocessor of an architecture has room for ("CUDA C++ Programming Guide", table
 * "Technical Specifications per Compute Capability").
 *
 * @param architecture 75 for Turing, 90 for Hopper, and so on
 * @param warps resident at once
 * @param blocks resident at once
 * @param sharedBytes for all its blocks
 * @param reservedBytes what the system takes of each block's share
 */
public record Multiprocessor(
    int architecture, int warps, int blocks, int sharedBytes, int reservedBytes) {
  private static final int REGISTERS = 65536;
  private static final int WARP = 32;

  /** Registers are given out to warps in units of so many. */
  private static final int REGISTER_UNIT = 256;

  /** Every architecture that the kernels are compiled for. */
  public static final List<Multiprocessor> ALL =
      List.of(
          new Multiprocessor(75, 32, 16, 64 << 10, 0),
          new Multiprocessor(80, 64, 32, 164 << 10, 1 << 10),
          new Multiprocessor(86, 48, 16, 100 << 10, 1 << 10),
          new Multiprocessor(89, 48, 24, 100 << 10, 1 << 10),
          new Multiprocessor(90, 64, 32, 228 << 10, 1 << 10),
          new Multiprocessor(100, 64, 32, 228 << 10, 1 << 10),
          new Multiprocessor(120, 48, 24, 100 << 10, 1 << 10));

  /** That of an architecture in {@link #ALL}. */
  public static Multiprocessor of(int architecture) {
    return ALL.stream().filter(m -> m.architecture == architecture).findFirst().orElseThrow();
  }

  /**
   * Blocks that fit at once.
   *
   * @param threads of a block
   * @param registers of a thread
   * @param shared bytes of a block
   */
  public int residentBlocks(int threads, int registers, int shared) {
    int warpsOfBlock = (threads + WARP - 1) / WARP;
    int perWarp = (registers * WARP + REGISTER_UNIT - 1) / REGISTER_UNIT * REGISTER_UNIT;
    int byRegisters = perWarp == 0 ? blocks : REGISTERS / perWarp / warpsOfBlock;
    int space = shared + reservedBytes;
    int byShared = space == 0 ? blocks : sharedBytes / space;
    return Math.min(Math.min(blocks, warps / warpsOfBlock), Math.min(byRegisters, byShared));
  }

  /** The share of its warps that resident blocks fill, 0 to 1. */
  public double occupancy(int threads, int registers, int shared) {
    int warpsOfBlock = (threads + WARP - 1) / WARP;
    return (double) residentBlocks(threads, registers, shared) * warpsOfBlock / warps;
  }
}
