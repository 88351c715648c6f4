package engine.backend.cuda.dnn;

import engine.backend.Conv2dGeometry.Padding;
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

  private static final Padding NONE = new Padding(0, 0, 0, 0);

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

  /** Bytes of the frame before the images. */
  public long offset() {
    return offset(NONE);
  }

  /** Bytes before the first that a reader of this padding sees. */
  public long offset(Padding p) {
    return ((frameH - p.top()) * (width + 2L * frameW) + (frameW - p.left())) * channels;
  }

  /** The images as a tensor; they begin {@link #offset()} bytes after the frame does. */
  GraphTensor tensor(long id) {
    return tensor(id, NONE);
  }

  /** The images and as much of the frame as a padding wants; see {@link #offset(Padding)}. */
  GraphTensor tensor(long id, Padding p) {
    if (Math.max(p.top(), p.bottom()) > frameH || Math.max(p.left(), p.right()) > frameW) {
      throw new IllegalArgumentException(p + " does not fit the frame of " + this);
    }
    long row = (width + 2L * frameW) * channels;
    return GraphTensor.ofBytes(
        id,
        Shape.of(images, channels, height + p.top() + p.bottom(), width + p.left() + p.right()),
        List.of((height + 2L * frameH) * row, 1L, row, channels));
  }
}
