package engine.backend;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Brings the pictures of training steps to a device: a batch is copied while the device computes
 * the step before its own, and augmented, mixed and normalised there. Once there is memory for a
 * batch, no call waits for the step that is under way.
 */
public interface PictureFeed extends AutoCloseable {
  /** What is done to the colours of a picture; {@link Draw} has them in any order. */
  enum ColorOperation {
    BRIGHTNESS,
    CONTRAST,
    SATURATION,
    HUE
  }

  /**
   * What was drawn for one picture, done in this order: flip, colours, erasing. Colours are those
   * of PIL's {@code ImageEnhance} and of its 8-bit HSV, to the byte.
   *
   * @param flip whether left and right change places
   * @param order of what is done to the colours; an operation that is missing is not done
   * @param brightness a factor of 0 or more, as contrast and saturation
   * @param hue added to the byte of the hue, modulo 256
   * @param erased left, top, right and bottom of what is erased, or null
   */
  record Draw(
      boolean flip,
      List<ColorOperation> order,
      float brightness,
      float contrast,
      float saturation,
      int hue,
      int[] erased) {
    /** Changes nothing. */
    public static final Draw NONE = new Draw(false, List.of(), 1, 1, 1, 0, null);
  }

  /**
   * How picture i is mixed with picture i - 1, the first with the last.
   *
   * @param lambda the part of the picture's own values; 1 for no blend
   * @param box left, top, right and bottom of what the partner's pixels replace, or null
   */
  record Mix(float lambda, int[] box) {
    /** Every picture is its own. */
    public static final Mix NONE = new Mix(1, null);
  }

  /**
   * A tensor for {@link #takeInPlace}: images as the first convolution reads them.
   *
   * @param compute the type in which that convolution computes
   * @param shape [N, C, H, W]
   */
  Tensor empty(DType compute, Shape shape);

  /**
   * Begins to copy a batch, which takes the place of one that was staged and not taken. The pixels
   * may change when this returns.
   *
   * @param pixels u8 in N, H, W, C order, in CPU memory
   * @param shape [N, C, H, W] with 1 or 3 channels
   * @param draws one a picture
   */
  void stage(MemorySegment pixels, Shape shape, List<Draw> draws);

  /**
   * Writes the staged batch as a network takes it: {@code (x / 255 - mean[c]) / std[c]} in fp32,
   * mixed, rounded to the type of {@code to}.
   *
   * @param to from {@link #empty}, of the staged shape
   * @throws IllegalStateException if none is staged
   */
  void takeInPlace(Mix mix, Tensor to);

  /** Waits for what was staged, and frees its memory. */
  @Override
  void close();
}
