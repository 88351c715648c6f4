package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class OrientationTest {
  /** Every line of {@code orientation.tsv.gz}: see {@code make_orientation.py}. */
  @Test
  void picturesAreTurnedAsPillowTurnsThem() throws IOException {
    String table = ReferencePictures.unpack("orientation.tsv.gz");
    List<String> wrong = new ArrayList<>();
    int lines = 0;
    for (String line : table.split("\n")) {
      lines++;
      String[] f = line.split("\t");
      byte[] file = HexFormat.of().parseHex(f[2]);
      PixelImage turned = ImageDecoder.decode(file, f[0], true);
      PixelImage asStored = ImageDecoder.decode(upright(f[0], file), f[0], false);
      if (!same(Orientation.apply(asStored, Integer.parseInt(f[1])), turned)) {
        wrong.add(f[0] + " (orientation " + f[1] + ")");
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(lines > 600);
  }

  /** A TIFF is always turned: in its place one that says nothing. */
  private static byte[] upright(String name, byte[] file) throws IOException {
    return name.endsWith(".tif")
        ? "P5 3 2 255\n\0(Z\u008c\u00be\u00fa".getBytes("ISO-8859-1")
        : file;
  }

  private static boolean same(PixelImage a, PixelImage b) {
    return a.width() == b.width()
        && a.height() == b.height()
        && java.util.Arrays.equals(a.data(), b.data());
  }

  @Test
  void aTextThatUnpacksWithoutEndIsRefused() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("XML:com.adobe.xmp\0\1\0\0\0".getBytes(StandardCharsets.US_ASCII));
    try (var packing = new DeflaterOutputStream(text)) {
      packing.write(new byte[5 << 20]);
    }
    byte[] png = ReferencePictures.read("rgb.png");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(png, 0, 33); // the signature and IHDR
    file.writeBytes(HexFormat.of().parseHex("%08x".formatted(text.size())));
    byte[] body = ("iTXt" + text.toString(StandardCharsets.ISO_8859_1)).getBytes("ISO-8859-1");
    file.writeBytes(body);
    CRC32 crc = new CRC32();
    crc.update(body);
    file.writeBytes(HexFormat.of().parseHex("%08x".formatted(crc.getValue())));
    file.write(png, 33, png.length - 33);
    var e =
        assertThrows(
            ImageDecodeException.class,
            () -> ImageDecoder.decode(file.toByteArray(), "a.png", true));
    assertTrue(e.getMessage().contains("a text in it unpacks to more than"), e.getMessage());
  }
}
