package engine.verify;

import engine.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A case's float images as the loader has its pictures: rows of pixels, the bytes of a pixel's
 * channels side by side, so that what training does to pixels of bytes is done to those of floats.
 */
final class FloatPixels {
  private FloatPixels() {}

  /**
   * @param images [count, channels, H, W] or, of one image, [channels, H, W]
   * @return (count, H, W) pixels of {@code channels} floats
   */
  static byte[] of(HostTensor images, int count, int channels) {
    float[] x = images.toFloats();
    int plane = x.length / (count * channels);
    ByteBuffer out = buffer(new byte[x.length * Float.BYTES]);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          out.putFloat(x[(i * channels + c) * plane + p]);
        }
      }
    }
    return out.array();
  }

  /** What {@link #of} was given, from what it returned. */
  static float[] toPlanes(byte[] pixels, int count, int channels) {
    ByteBuffer in = buffer(pixels);
    float[] x = new float[pixels.length / Float.BYTES];
    int plane = x.length / (count * channels);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          x[(i * channels + c) * plane + p] = in.getFloat();
        }
      }
    }
    return x;
  }

  /** One pixel, of one value. */
  static byte[] pixel(float value, int channels) {
    float[] x = new float[channels];
    Arrays.fill(x, value);
    return of(HostTensor.of(x, channels, 1, 1), 1, channels);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
