package engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ColourCheckTest {
  /** Pictures of one pixel. */
  private record Pixels(byte[]... pixels) implements Dataset {
    @Override
    public int size() {
      return pixels.length;
    }

    @Override
    public int label(int i) {
      return 0;
    }

    @Override
    public PixelImage load(int i) throws IOException {
      if (pixels[i].length == 0) {
        throw new IOException("unreadable");
      }
      return new PixelImage(1, 1, pixels[i].length, pixels[i]);
    }

    @Override
    public List<String> classNames() {
      return List.of("a");
    }

    @Override
    public String name(int i) {
      return "" + i;
    }
  }

  private static final byte[] GREY = {7};
  private static final byte[] GREY_IN_RGB = {7, 7, 7};
  private static final byte[] COLOUR = {7, 8, 7};
  private static final byte[] UNREADABLE = {};

  @Test
  void greyPicturesForColourWeightsAreSaid() {
    String said = ColourCheck.of(new Pixels(GREY, GREY_IN_RGB, UNREADABLE), 3).orElseThrow();
    assertTrue(said.contains("three equal colour channels"), said);
    assertEquals(Optional.empty(), ColourCheck.of(new Pixels(GREY, COLOUR), 3));
    assertEquals(Optional.empty(), ColourCheck.of(new Pixels(UNREADABLE), 3));
  }

  @Test
  void colourPicturesForOneChannelAreSaid() {
    String said = ColourCheck.of(new Pixels(GREY, COLOUR), 1).orElseThrow();
    assertTrue(said.contains("made grey by luma"), said);
    assertEquals(Optional.empty(), ColourCheck.of(new Pixels(GREY, GREY_IN_RGB), 1));
  }
}
