package engine.backend.cuda.layout;

import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.CudaPictureFeed;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Images of 1 or 3 channels, channels-last, each pixel with zeros up to eight channels: what tensor
 * cores want of the first convolution. A {@link CudaPictureFeed} writes pictures so, convolutions
 * read them so, and for everything else {@link CudaMemory} makes another layout of it.
 */
public enum PaddedChannels implements Layout {
  INSTANCE;

  static final int CHANNELS = 8;

  /** Elements in memory, the zeros among them. */
  public static long elements(Shape s, Layout layout) {
    return layout == INSTANCE ? s.with(1, CHANNELS).elements() : s.elements();
  }

  /** The zeros seen as channels; a second owner. */
  public static Tensor all(Tensor images) {
    Shape s = images.shape().with(1, CHANNELS);
    return images.view(s, ChannelsLast.of(s));
  }

  @Override
  public String toString() {
    return "channels-last in eights";
  }
}
