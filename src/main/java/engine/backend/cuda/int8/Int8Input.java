package engine.backend.cuda.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.cuda.dnn.FramedImages;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes bytes of the images that a plan shall answer for, where it reads them. */
final class Int8Input {
  private static final int VALUES = 256;

  private final Int8Device device;
  private final QuantizedType grid;
  private final FramedImages images;
  private final Tensor place;

  /**
   * @param grid as its bytes are stored
   * @param place the memory of {@code images}; the plan's
   */
  Int8Input(Int8Device device, QuantizedType grid, FramedImages images, Tensor place) {
    this.device = device;
    this.grid = grid;
    this.images = images;
    this.place = place;
  }

  /**
   * Rounds normalised images.
   *
   * @param x F32 [N, C, H, W], row-major
   */
  void write(Tensor x) {
    try (Arena arena = Arena.ofConfined()) {
      device
          .launch()
          .kernel("int8_quantize")
          .of(x)
          .of(place)
          .of(images.images())
          .of(x.shape().size(1))
          .of(Int8Frames.struct(arena, images))
          .of(1f / grid.scale())
          .of(grid.zeroPoint())
          .threads(Int8Frames.words(images));
    }
  }

  /**
   * Normalises and rounds pixels, by a table.
   *
   * @param pixels u8, N, H, W, C
   * @param mean per channel, on the scale 0..1
   */
  void write(MemorySegment pixels, float[] mean, float[] std) {
    int channels = mean.length;
    HostTensor bytes = new HostTensor(DType.U8, Shape.of(pixels.byteSize()), pixels);
    try (Tensor raw = device.memory().upload(bytes);
        Tensor table = device.memory().upload(HostTensor.of(table(mean, std), VALUES, channels));
        Arena arena = Arena.ofConfined()) {
      device
          .launch()
          .kernel("int8_pixels")
          .of(raw)
          .of(table)
          .of(place)
          .of(images.images())
          .of(channels)
          .of(Int8Frames.struct(arena, images))
          .threads(Int8Frames.words(images));
    }
  }

  /** For each value of a pixel its byte on the grid, a channel each. */
  private byte[] table(float[] mean, float[] std) {
    byte[] table = new byte[VALUES * mean.length];
    for (int i = 0; i < table.length; i++) {
      int c = i % mean.length;
      float x = (i / mean.length / 255f - mean[c]) / std[c];
      long q = grid.zeroPoint() + (long) Math.rint(x * (1f / grid.scale()));
      table[i] = (byte) Math.clamp(q, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return table;
  }
}
