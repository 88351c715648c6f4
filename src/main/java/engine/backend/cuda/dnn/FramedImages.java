package engine.backend.cuda.dnn;

import engine.tensor.Shape;
import java.util.List;

/**
 * How images of signed bytes lie on the device: channels last, inside a frame of rows and columns
 * that hold the zero point. A convolution reads its padding from there: cuDNN's own padding would
 * be bytes of 0, which stand for a number that is not 0.
 *
 * @param channels with those that only fill up; a multiple of 4
 * @param frameH rows above and below
 * @param frameW columns on the left and on the right
 */
public record FramedImages(
    long images, long channels, long height, long width, int frameH, int frameW) {

  public FramedImages {
    if (channels % 4 != 0) {
      throw new IllegalArgumentException(channels + " channels of bytes are no multiple of 4");
    }
  }

  /** Of all images with their frames. */
  public long bytes() {
    return images * (height + 2L * frameH) * (width + 2L * frameW) * channels;
  }

  public boolean isFramed() {
    return frameH > 0 || frameW > 0;
  }

  /** Bytes before the first that a reader of this padding sees. */
  public long offset(int padH, int padW) {
    return ((frameH - padH) * (width + 2L * frameW) + (frameW - padW)) * channels;
  }

  /** The images as a tensor; they begin {@code offset(0, 0)} bytes after the frame does. */
  GraphTensor tensor(long id) {
    return tensor(id, 0, 0);
  }

  /** The images and as much of the frame as a padding wants; see {@link #offset}. */
  GraphTensor tensor(long id, int padH, int padW) {
    if (padH > frameH || padW > frameW) {
      throw new IllegalArgumentException(
          "a padding of %d and %d does not fit the frame of %s".formatted(padH, padW, this));
    }
    long row = (width + 2L * frameW) * channels;
    return GraphTensor.ofBytes(
        id,
        Shape.of(images, channels, height + 2L * padH, width + 2L * padW),
        List.of((height + 2L * frameH) * row, 1L, row, channels));
  }
}
