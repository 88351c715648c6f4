package engine.backend.cuda.memory;

import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Moves values between layouts, by the kernels of {@code cuda/layout.cu}. */
final class Reorders {
  private static final int TILE = 32;
  private static final int ROWS = 8;

  /** Blocks along the last axis of a grid: the driver takes no more than 65,535. */
  private static final int MOST_BLOCKS = 65_535;

  private final Launcher launch;
  private long made;

  Reorders(Launcher launch) {
    this.launch = launch;
  }

  /** Between row-major and channels-last tensors of one shape and type. */
  void run(Tensor from, Tensor to) {
    Shape s = to.shape();
    int channels = s.size(1);
    if (from.layout().isRowMajor() && channels <= ROWS) {
      few(from, to, channels);
      return;
    }
    made++;
    int plane = Math.toIntExact(s.dim(2) * s.dim(3));
    boolean back = to.layout().isRowMajor();
    launch.kernel((back ? "row_major_" : "channels_last_") + bits(to));
    launch.of(from).of(to).of(s.dim(0)).of(channels).of(plane);
    int x = tiles(back ? channels : plane);
    int y = tiles(back ? plane : channels);
    int images = (int) Math.min(s.dim(0), MOST_BLOCKS);
    launch.grid(x, y, images, TILE, ROWS);
  }

  /**
   * Images or filters of few channels in any layout to channels-last ones of more, which are 0.
   *
   * @param to its second extent says how many there shall be
   */
  void pad(Tensor from, Tensor to) {
    few(from, to, to.shape().size(1));
  }

  private void few(Tensor from, Tensor to, int padded) {
    made++;
    Shape s = from.shape();
    long plane = s.dim(2) * s.dim(3);
    long[] strides = ChannelsLast.strides(s, from.layout());
    launch
        .kernel("few_channels_" + bits(to))
        .of(from)
        .of(to)
        .of(s.dim(0))
        .of(s.size(1))
        .of(padded)
        .of(Math.toIntExact(plane))
        .of(Math.toIntExact(strides[3]))
        .of(Math.toIntExact(strides[1]))
        .threads(s.dim(0) * plane);
  }

  /** Conversions so far. */
  long made() {
    return made;
  }

  private static int tiles(int extent) {
    return (extent + TILE - 1) / TILE;
  }

  private static int bits(Tensor t) {
    int bits = 8 * t.dtype().bytes();
    if (bits != 16 && bits != 32) {
      throw new UnsupportedOnDeviceException(
          "a GPU changes the layout of 2-byte and 4-byte elements only, not of " + t);
    }
    return bits;
  }
}
