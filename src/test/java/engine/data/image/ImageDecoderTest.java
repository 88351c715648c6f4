package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.ReferencePictures.Picture;
import engine.data.image.ReferencePictures.Pixels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {
  static Stream<Picture> readable() {
    return ReferencePictures.all().stream().filter(p -> !p.error());
  }

  static Stream<Picture> unreadable() {
    return ReferencePictures.all().stream().filter(Picture::error);
  }

  static Stream<Picture> oriented() {
    return readable().filter(p -> p.upright() != null);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void givesThePixelsThatPillowGives(Picture p) throws Exception {
    assertEquals(p.pixels(), Pixels.of(ImageDecoder.decode(p.bytes(), p.name(), false)));
  }

  @ParameterizedTest
  @MethodSource("oriented")
  void turnsPicturesUprightWhenAsked(Picture p) throws Exception {
    assertEquals(p.upright(), Pixels.of(ImageDecoder.decode(p.bytes(), p.name(), true)));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void refusesInOneSentenceWhatPillowRefuses(Picture p) {
    var e =
        assertThrows(
            ImageDecodeException.class, () -> ImageDecoder.decode(p.bytes(), p.name(), false));
    assertTrue(e.getMessage().startsWith(p.name() + ": "), e.getMessage());
    assertTrue(e.getMessage().contains("; "), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  @Test
  void refusesAPictureOf30000By30000FromItsHeader() {
    byte[] gif = ReferencePictures.read("plain.gif");
    le(gif).putShort(6, (short) 30000).putShort(8, (short) 30000);
    byte[] bmp = ReferencePictures.read("bits24.bmp");
    le(bmp).putInt(18, 30000).putInt(22, 30000);
    byte[] webp = ReferencePictures.read("animated.webp");
    le(webp).putInt(24, 29999).putShort(27, (short) 29999);
    byte[] ppm = "P6 30000 30000 255\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] tiff = ReferencePictures.read("rgb_None.tif");
    le(tiff).putInt(18, 30000).putInt(30, 30000);
    Map<String, byte[]> files =
        Map.of(
            "a.gif", gif,
            "a.bmp", bmp,
            "a.webp", webp,
            "a.ppm", ppm,
            "a.tif", tiff,
            "a.jpg", ReferencePictures.read("huge.jpg"),
            "a.png", ReferencePictures.read("huge.png"));
    files.forEach(
        (name, bytes) -> {
          var e =
              assertThrows(
                  ImageDecodeException.class, () -> ImageDecoder.decode(bytes, name, false));
          assertEquals(
              name
                  + ": its header says 30,000x30,000 pixels, more than the limit of 178,956,970;"
                  + " shrink the picture or remove it",
              e.getMessage());
        });
  }

  @Test
  void readsFilesWhateverTheirNames(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ein Bild 山.jpg");
    Files.write(file, ReferencePictures.read("rgb.png"));
    assertEquals(37, ImageDecoder.decode(file, true).width());
    Path missing = folder.resolve("none.jpg");
    var e = assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(missing, true));
    assertTrue(e.getMessage().endsWith("there is no such file; check the path"), e.getMessage());
    assertThrows(ImageDecodeException.class, () -> ImageDecoder.decode(folder, true));
  }

  @Test
  void givesTheSameOnManyThreads() {
    List<Picture> pictures = readable().toList();
    long right =
        Stream.generate(() -> pictures)
            .limit(20)
            .flatMap(List::stream)
            .parallel()
            .filter(
                p -> {
                  try {
                    return Pixels.of(ImageDecoder.decode(p.bytes(), p.name(), false))
                        .equals(p.pixels());
                  } catch (ImageDecodeException e) {
                    return false;
                  }
                })
            .count();
    assertEquals(20L * pictures.size(), right);
  }

  private static ByteBuffer le(byte[] b) {
    return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
  }
}
