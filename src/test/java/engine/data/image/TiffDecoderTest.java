package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.ReferencePictures.Pixels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TiffDecoderTest {
  private static final Map<String, byte[]> FILES = new HashMap<>();
  private static final Map<String, Pixels> EXPECTED = new HashMap<>();

  static {
    for (String line : ReferencePictures.unpack("tiff.tsv.gz").split("\n")) {
      String[] f = line.split("\t");
      FILES.put(f[0], HexFormat.of().parseHex(f[4]));
      if (!f[1].equals("error")) {
        EXPECTED.put(f[0], ReferencePictures.pixels(f, 1));
      }
    }
  }

  private static PixelImage decode(byte[] file) throws ImageDecodeException {
    return ImageDecoder.decode(file, "a.tif", true);
  }

  private static String refusal(byte[] file) {
    return assertThrows(ImageDecodeException.class, () -> decode(file)).getMessage();
  }

  /** Every kind of {@code tiff.tsv.gz}: see {@code make_tiff.py}. */
  @Test
  void everyKindGivesThePixelsThatPillowGives() {
    TreeSet<String> wrong = new TreeSet<>();
    FILES.forEach(
        (name, file) -> {
          try {
            if (!Pixels.of(decode(file)).equals(EXPECTED.get(name))) {
              wrong.add(name);
            }
          } catch (ImageDecodeException e) {
            if (EXPECTED.containsKey(name)) {
              wrong.add(name + ": " + e.getMessage());
            }
          }
        });
    assertEquals(new TreeSet<String>(), wrong);
    assertTrue(EXPECTED.size() > 200);
  }

  @Test
  void aBigEndianBigTiffIsRead() throws Exception {
    byte[] rows = {1, 2, 3, 4, 5, 6};
    int[][] tags = {
      {256, 3}, {257, 2}, {258, 8}, {259, 1}, {262, 1}, {273, 200}, {277, 1}, {278, 2}, {279, 6}
    };
    ByteBuffer file = ByteBuffer.allocate(16 + 8 + 20 * tags.length + 8 + rows.length);
    file.put(new byte[] {'M', 'M', 0, 43, 0, 8, 0, 0}).putLong(16).putLong(tags.length);
    for (int[] t : tags) {
      file.putShort((short) t[0]).putShort((short) 4).putLong(1);
      file.putInt(t[0] == 273 ? file.capacity() - rows.length : t[1]).putInt(0);
    }
    file.putLong(0).put(rows);
    PixelImage image = decode(file.array());
    assertEquals(3, image.width());
    assertEquals(4, image.data()[9]);
  }

  @Test
  void aVersionInTheWrongByteOrderIsTakenForWhatWasMeant() throws Exception {
    byte[] file = FILES.get("gray8_None").clone();
    file[2] = 0;
    file[3] = 42;
    assertEquals(EXPECTED.get("gray8_None"), Pixels.of(decode(file)));
  }

  @Test
  void labIsConvertedAsLittleCmsConvertsIt() throws Exception {
    int[] lab = {126, 42, 37, 181, 196, 42, 39, 33, 194, 255, 0, 0, 0, 0, 0};
    int[] wanted = {189, 84, 57, 32, 200, 90, 12, 20, 130, 254, 255, 254, 1, 0, 1};
    byte[] row = new byte[lab.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) lab[i];
    }
    byte[] rgb = decode(chunky(5, 8, 3, row)).data();
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], rgb[i] & 0xff, 1);
    }
  }

  @Test
  void aHugePictureOrTileIsRefusedFromTheHeader() {
    byte[] huge = FILES.get("rgb8_lzw").clone();
    setTag(huge, 256, 30000);
    setTag(huge, 257, 30000);
    assertTrue(refusal(huge).contains("30,000x30,000 pixels, more than"), refusal(huge));
    byte[] tile = FILES.get("rgb8_lzw_tile_big").clone();
    setBigTag(tile, 322, 65520);
    setBigTag(tile, 323, 65520);
    assertTrue(refusal(tile).contains("65,520x65,520 pixels, more than"), refusal(tile));
    setBigTag(tile, 262, 6); // YCbCr, which libtiff turns into RGB
    assertTrue(refusal(tile).contains("65,520x65,520 pixels, more than"), refusal(tile));
  }

  @Test
  void anUnknownCompressionIsNamed() {
    Map<Integer, String> names =
        Map.of(34712, "JPEG 2000", 34887, "LERC", 50002, "JPEG XL", 9999, "method 9999");
    names.forEach(
        (compression, name) -> {
          byte[] file = FILES.get("rgb8_lzw").clone();
          setTag(file, 259, compression);
          assertEquals(
              "a.tif: it is a TIFF compressed by "
                  + name
                  + ", which is not supported; save it again with Deflate or LZW",
              refusal(file));
        });
  }

  /** An uncompressed little-endian TIFF of one row and three samples. */
  private static byte[] chunky(int width, int photometric, int samples, byte[] row) {
    int[][] tags = {
      {256, width},
      {257, 1},
      {258, 8},
      {259, 1},
      {262, photometric},
      {273, 122},
      {277, samples},
      {278, 1},
      {279, row.length}
    };
    ByteBuffer b = ByteBuffer.allocate(122 + row.length).order(ByteOrder.LITTLE_ENDIAN);
    b.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) tags.length);
    for (int[] t : tags) {
      b.putShort((short) t[0]).putShort((short) 4).putInt(1).putInt(t[1]);
    }
    return b.putInt(0).put(row).array();
  }

  private static void setTag(byte[] file, int tag, int value) {
    ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = b.getInt(4);
    int n = b.getShort(at);
    for (int i = 0; i < n; i++) {
      int e = at + 2 + 12 * i;
      if (b.getShort(e) == tag) {
        b.putShort(e + 2, (short) 4).putInt(e + 4, 1).putInt(e + 8, value);
      }
    }
  }

  private static void setBigTag(byte[] file, int tag, int value) {
    ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) b.getLong(8);
    long n = b.getLong(at);
    for (int i = 0; i < n; i++) {
      int e = at + 8 + 20 * i;
      if (b.getShort(e) == tag) {
        b.putShort(e + 2, (short) 4).putLong(e + 4, 1).putLong(e + 12, value);
      }
    }
  }
}
