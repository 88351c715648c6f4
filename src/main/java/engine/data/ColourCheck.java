package engine.data;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether pictures and network agree about colour. A network of three channels sees a grey picture
 * as three equal ones, and one of a single channel sees the luma of a colour picture; both answer,
 * and a user should know.
 */
public final class ColourCheck {
  /** Enough to tell, and quick however large pictures are. */
  private static final int LOOKED_AT = 5;

  private ColourCheck() {}

  /**
   * A sentence where they do not agree, by a few of the pictures.
   *
   * @param channels that the network sees, 1 or 3
   */
  public static Optional<String> of(Dataset data, int channels) {
    int n = Math.min(LOOKED_AT, data.size());
    int grey = 0;
    int colour = 0;
    for (int i : IntStream.range(0, n).map(i -> (int) ((long) i * data.size() / n)).toArray()) {
      try {
        if (isGrey(data.load(i))) {
          grey++;
        } else {
          colour++;
        }
      } catch (IOException _) {
        // the loader says so when it meets it
      }
    }
    if (channels == 3 && grey > 0 && colour == 0) {
      return Optional.of(
          "the pictures are grey (those looked at are): the network sees each as three equal colour channels");
    }
    if (channels == 1 && colour > 0) {
      return Optional.of(
          "there are colour pictures, and the network sees one channel: they are made grey by luma, as Pillow's convert('L') does");
    }
    return Optional.empty();
  }

  private static boolean isGrey(PixelImage picture) {
    byte[] p = picture.data();
    if (picture.channels() == 1) {
      return true;
    }
    for (int i = 0; i < p.length; i += 3) {
      if (p[i] != p[i + 1] || p[i] != p[i + 2]) {
        return false;
      }
    }
    return true;
  }
}
