package engine.backend.cuda.ops;

import engine.backend.cuda.driver.Launcher;
import engine.tensor.Shape;

/** How blocks share a matrix [pixels, channels] in the sums of cuda/batch_norm.cu. */
final class NormGrid {
  private static final int BLOCK = 256;
  private static final int WARP = 32;
  private static final int ROWS = 8;

  /** As in cuda/batch_norm.cu. */
  private static final int GROUP = 64;

  /** Channels a thread. */
  private static final int CHANNELS_EACH = 8;

  /** Pixels a thread, at least: fewer would cost more in the merging of blocks. */
  private static final int PIXELS_EACH = 16;

  private final Launcher launch;
  private final int threadsX;
  private final int blocksX;
  final long pixels;
  final int channels;
  final long elements;

  /** Pixels of a block. */
  final long chunk;

  /** Blocks that share a channel. */
  final int count;

  /**
   * @param x [N, C] or [N, C, ...]
   */
  NormGrid(Shape x, Launcher launch) {
    if (x.rank() < 2) {
      throw new IllegalArgumentException("batch norm takes [N, C] or [N, C, ...], not " + x);
    }
    this.launch = launch;
    channels = x.size(1);
    elements = x.elements();
    pixels = channels == 0 ? 0 : elements / channels;
    int groups = Math.max(1, (channels + CHANNELS_EACH - 1) / CHANNELS_EACH);
    threadsX = Math.min(WARP, Integer.highestOneBit(2 * groups - 1));
    blocksX = (groups + threadsX - 1) / threadsX;
    int blocks = launch.blocks(pixels * blocksX, BLOCK / threadsX * PIXELS_EACH);
    long wanted = Math.max(1, blocks / blocksX);
    chunk = Math.max(1, (pixels + wanted - 1) / wanted);
    count = (int) Math.max(1, (pixels + chunk - 1) / chunk);
  }

  /** Shape of what the blocks leave: two values a block and channel. */
  Shape parts() {
    return Shape.of(count, 2, channels);
  }

  /** Groups of blocks that share a channel, each of which adds its own parts first. */
  private int groups() {
    return (count + GROUP - 1) / GROUP;
  }

  /** Shape of the same with what each group leaves. */
  Shape partsOfGroups() {
    return Shape.of(count + groups(), 2, channels);
  }

  /** In how many places blocks count themselves: the groups of each column, and the column. */
  int arrivals() {
    return blocksX * (groups() + 1);
  }

  /** Launches a kernel that leaves parts. */
  void launch() {
    launch.grid(blocksX, count, 1, threadsX, BLOCK / threadsX);
  }

  /** Launches a kernel that merges parts. */
  void launchFinish() {
    launch.grid((channels + WARP - 1) / WARP, 1, 1, WARP, ROWS);
  }
}
