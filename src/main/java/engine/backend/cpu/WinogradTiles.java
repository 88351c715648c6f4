package engine.backend.cpu;

import engine.backend.cpu.runtime.Raw;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * How images of one shape are cut into tiles of 4x4 outputs, and the way of a row of tiles into and
 * out of the transformed domain. Images lie channels-last; transformed, they are 36 matrices of a
 * row a tile.
 */
final class WinogradTiles {
  /** Outputs of a tile along an axis. */
  private static final int OUTPUTS = 4;

  /** Inputs of a tile along an axis; their number squared is that of the matrices. */
  private static final int INPUTS = 6;

  static final int MATRICES = INPUTS * INPUTS;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** A thread's arrays; they grow to the largest layer and are kept. */
  private static final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** Rows of an image with their padding, and the same transformed from top to bottom. */
    private float[][] rows = new float[INPUTS][0];

    private float[][] vertical = new float[INPUTS][0];

    /** A value of each tile of a row, for every place of a tile along one axis. */
    private float[][] from = new float[INPUTS][0];

    private float[][] to = new float[INPUTS][0];

    /** Outputs that are final from top to bottom, by their row and by the place along it. */
    private float[][][] half = new float[OUTPUTS][INPUTS][0];

    private static Scratch of(int row, int tiles) {
      Scratch s = OF_THREAD.get();
      if (s.rows[0].length < row) {
        s.rows = new float[INPUTS][row];
        s.vertical = new float[INPUTS][row];
      }
      if (s.from[0].length < tiles) {
        s.from = new float[INPUTS][tiles];
        s.to = new float[INPUTS][tiles];
        s.half = new float[OUTPUTS][INPUTS][tiles];
      }
      return s;
    }
  }

  private final int images;
  private final int height;
  private final int width;
  private final int down;
  private final int across;

  /**
   * @param x [N, C, H, W]; the result has the same N, H and W
   */
  WinogradTiles(Shape x) {
    images = x.size(0);
    height = x.size(2);
    width = x.size(3);
    down = (height + OUTPUTS - 1) / OUTPUTS;
    across = (width + OUTPUTS - 1) / OUTPUTS;
  }

  /** Rows of tiles in all images. */
  int rows() {
    return images * down;
  }

  /** Tiles in a row. */
  int across() {
    return across;
  }

  private Scratch scratch(int channels) {
    return Scratch.of((OUTPUTS * across + 2) * channels, across * channels);
  }

  /**
   * Transforms the input of a row of tiles.
   *
   * @param x address of the images
   * @param channels theirs
   * @param row which row of all
   * @param v address of the matrices, [36, tiles, channels]
   * @param tiles in a matrix
   * @param first of them that belongs to this row
   */
  void input(long x, int channels, int row, long v, int tiles, int first) {
    Scratch s = scratch(channels);
    load(x, channels, row, s);
    Winograd.input(s.rows, s.vertical, (OUTPUTS * across + 2) * channels);
    int n = across * channels;
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        for (int t = 0; t < across; t++) {
          int from = (OUTPUTS * t + j) * channels;
          System.arraycopy(s.vertical[i], from, s.from[j], t * channels, channels);
        }
      }
      Winograd.input(s.from, s.to, n);
      for (int j = 0; j < INPUTS; j++) {
        long to = v + (((long) i * INPUTS + j) * tiles + first) * channels * Float.BYTES;
        MemorySegment.copy(s.to[j], 0, Raw.MEMORY, F32, to, n);
      }
    }
  }

  /** Six rows of an image, with zeros where the padding is and behind the last whole tile. */
  private void load(long x, int channels, int row, Scratch s) {
    int top = row % down * OUTPUTS - 1;
    int n = width * channels;
    for (int i = 0; i < INPUTS; i++) {
      float[] to = s.rows[i];
      int end = (OUTPUTS * across + 2) * channels;
      if (top + i < 0 || top + i >= height) {
        Arrays.fill(to, 0, end, 0);
        continue;
      }
      long from = x + ((long) row / down * height + top + i) * n * Float.BYTES;
      Arrays.fill(to, 0, channels, 0);
      MemorySegment.copy(Raw.MEMORY, F32, from, to, channels, n);
      Arrays.fill(to, channels + n, end, 0);
    }
  }

  /**
   * What the products become.
   *
   * @param y address of the images
   * @param channels theirs
   * @param bias address of a value a channel
   * @param residual whether {@code y} holds what is added
   * @param relu whether negative values become 0 at last
   */
  record Result(long y, int channels, long bias, boolean residual, boolean relu) {}

  /**
   * Transforms the products of a row of tiles back and writes {@code act(y + bias + residual)}.
   *
   * @param m address of the matrices, [36, tiles, channels]
   * @param tiles in a matrix
   * @param first of them that belongs to this row
   * @param row which row of all
   */
  void output(long m, int tiles, int first, int row, Result result) {
    int channels = result.channels;
    long y = result.y;
    long bias = result.bias;
    Scratch s = scratch(channels);
    int n = across * channels;
    vertical(m, tiles, first, channels, s);
    float[] line = s.rows[0];
    float[] biases = s.rows[1];
    for (int i = 0; i < width; i++) {
      MemorySegment.copy(Raw.MEMORY, F32, bias, biases, i * channels, channels);
    }
    int top = row % down * OUTPUTS;
    for (int i = 0; i < OUTPUTS && top + i < height; i++) {
      Winograd.output(s.half[i], s.to, n);
      for (int j = 0; j < OUTPUTS; j++) {
        for (int t = 0; t < across; t++) {
          int to = (OUTPUTS * t + j) * channels;
          System.arraycopy(s.to[j], t * channels, line, to, channels);
        }
      }
      int values = width * channels;
      long to = y + ((long) row / down * height + top + i) * values * Float.BYTES;
      add(line, biases, values);
      if (result.residual) {
        MemorySegment.copy(Raw.MEMORY, F32, to, s.rows[2], 0, values);
        add(line, s.rows[2], values);
      }
      if (result.relu) {
        relu(line, values);
      }
      MemorySegment.copy(line, 0, Raw.MEMORY, F32, to, values);
    }
  }

  private void vertical(long m, int tiles, int first, int channels, Scratch s) {
    int n = across * channels;
    float[][] column = new float[OUTPUTS][];
    for (int j = 0; j < INPUTS; j++) {
      for (int i = 0; i < INPUTS; i++) {
        long from = m + (((long) i * INPUTS + j) * tiles + first) * channels * Float.BYTES;
        MemorySegment.copy(Raw.MEMORY, F32, from, s.from[i], 0, n);
      }
      for (int i = 0; i < OUTPUTS; i++) {
        column[i] = s.half[i][j];
      }
      Winograd.output(s.from, column, n);
    }
  }

  private static void add(float[] y, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += b[i];
    }
  }

  private static void relu(float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0, y[i]);
    }
  }
}
