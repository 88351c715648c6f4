package engine.backend;

import engine.picture.Mix;
import engine.picture.PictureDraw;
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
  void stage(MemorySegment pixels, Shape shape, List<PictureDraw> draws);

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
