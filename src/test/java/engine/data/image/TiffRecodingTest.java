package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** TIFF compressed by zstd or LZMA whose data is not what its header says, or asks for too much. */
class TiffRecodingTest {
  private static final int LZMA = 34925;
  private static final int ZSTD = 50000;
  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;

  /** A gray TIFF of 8 bits with one strip, or one tile of the given size. */
  private static byte[] tiff(int compression, byte[] data, int width, int height, int... tile) {
    boolean tiled = tile.length > 0;
    int at = 134;
    int[][] tags = {
      {256, width},
      {257, height},
      {258, 8},
      {259, compression},
      {262, 1},
      {tiled ? 322 : 273, tiled ? tile[0] : at},
      {tiled ? 323 : 278, tiled ? tile[1] : height},
      {tiled ? 324 : 279, tiled ? at : data.length},
      {tiled ? 325 : 305, data.length}
    };
    ByteBuffer b = ByteBuffer.allocate(at + data.length).order(ByteOrder.LITTLE_ENDIAN);
    b.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) tags.length);
    for (int[] t : tags) {
      b.putShort((short) t[0]).putShort((short) 4).putInt(1).putInt(t[1]);
    }
    return b.position(at).put(data).array();
  }

  private static byte[] tiff(int compression, byte[] data) {
    return tiff(compression, data, WIDTH, HEIGHT);
  }

  private static byte[] pixels() {
    byte[] gray = new byte[WIDTH * HEIGHT];
    new Random(5).nextBytes(gray);
    return gray;
  }

  private static byte[] xz(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream to = new XZOutputStream(out, new LZMA2Options(0))) {
      to.write(data);
    }
    return out.toByteArray();
  }

  /** A zstd frame of stored blocks (RFC 8878, section 3.1.1). */
  private static byte[] zstd(byte[] data) {
    ByteBuffer b = frame(0x58, 9 + data.length);
    return b.put(block(true, 0, data.length)).put(data).array();
  }

  /** One of 128 KiB each that repeat a byte. */
  private static byte[] zstdBomb(int blocks) {
    ByteBuffer b = frame(0x58, 6 + 4 * blocks);
    for (int i = 0; i < blocks; i++) {
      b.put(block(i == blocks - 1, 1, 1 << 17)).put((byte) 7);
    }
    return b.array();
  }

  private static ByteBuffer frame(int window, int size) {
    ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    return b.putInt(0xfd2fb528).put((byte) 0).put((byte) window);
  }

  private static byte[] block(boolean last, int type, int size) {
    int header = size << 3 | type << 1 | (last ? 1 : 0);
    return new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)};
  }

  /**
   * The same xz stream, asking for another dictionary.
   *
   * @param size 40 for 4 GiB - 1; of even numbers below, 2 to the power of 12 + size/2
   */
  private static byte[] dictionary(byte[] xz, int size) {
    byte[] b = xz.clone();
    int header = 12;
    int length = 4 * ((b[header] & 0xff) + 1);
    assertEquals(0x21, b[header + 2], "LZMA2");
    b[header + 4] = (byte) size;
    CRC32 crc = new CRC32();
    crc.update(b, header, length - 4);
    ByteBuffer.wrap(b)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(header + length - 4, (int) crc.getValue());
    return b;
  }

  private static PixelImage decode(byte[] file) throws ImageDecodeException {
    return ImageDecoder.decode(file, "a.tif", true);
  }

  private static void assertRefused(byte[] file, String part) {
    String message =
        assertTimeout(
            Duration.ofSeconds(20),
            () -> assertThrows(ImageDecodeException.class, () -> decode(file)).getMessage());
    assertTrue(message.startsWith("a.tif: " + part), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void theFramesOfThisTestAreRead() throws Exception {
    byte[] gray = pixels();
    byte[] rgb = new byte[3 * gray.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = gray[i / 3];
    }
    assertArrayEquals(rgb, decode(tiff(ZSTD, zstd(gray))).data());
    assertArrayEquals(rgb, decode(tiff(LZMA, xz(gray))).data());
  }

  @Test
  void whatAStripHasBeyondItsSizeIsNotEvenUnpacked() throws Exception {
    byte[] nothing = new byte[200 << 20];
    Arrays.fill(nothing, (byte) 7);
    byte[] lzma = tiff(LZMA, xz(nothing));
    byte[] zstd = tiff(ZSTD, zstdBomb(16_000));
    decode(
        tiff(
            LZMA, xz(pixels()))); // classes and the library are loaded once, at a cost of their own
    decode(tiff(ZSTD, zstd(pixels())));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] bomb : new byte[][] {lzma, zstd}) {
      long before = threads.getCurrentThreadAllocatedBytes();
      assertEquals(7, decode(bomb).data()[3 * WIDTH * HEIGHT - 1]);
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(taken < 4L << 20, taken + " bytes for one strip of " + WIDTH * HEIGHT);
    }
  }

  @Test
  void dataThatEndsEarlyIsRefusedWhereverItEnds() throws Exception {
    byte[] gray = pixels();
    for (byte[] data : new byte[][] {xz(gray), zstd(gray)}) {
      int compression = data[0] == (byte) 0xfd ? LZMA : ZSTD;
      String name = compression == LZMA ? "LZMA" : "zstd";
      for (int n = 1; n < gray.length; n += 13) {
        byte[] cut = tiff(compression, Arrays.copyOf(data, n));
        assertRefused(cut, "its " + name + " data is damaged or cut short; ");
      }
      byte[] file = tiff(compression, data);
      assertRefused(Arrays.copyOf(file, file.length - 1), "the TIFF data ends before");
      assertRefused(tiff(compression, new byte[0]), "the TIFF data ends before");
    }
    byte[] less = Arrays.copyOf(gray, gray.length - 1);
    assertRefused(tiff(LZMA, xz(less)), "its LZMA data is damaged or cut short; ");
    assertRefused(tiff(ZSTD, zstd(less)), "its zstd data is damaged or cut short; ");
    assertRefused(tiff(ZSTD, xz(gray)), "its zstd data is damaged or cut short; ");
    assertRefused(tiff(LZMA, zstd(gray)), "its LZMA data is damaged or cut short; ");
  }

  @Test
  void framesOfBeforeZstdWasAStandardNeverReachTheLibrary() {
    byte[] frame = zstd(pixels());
    for (int version = 0x1e; version < 0x28; version++) {
      frame[0] = (byte) version; // 0.1 to 0.7 and others
      assertRefused(tiff(ZSTD, frame), "its zstd data is damaged or cut short; ");
    }
  }

  @Test
  void dataThatAsksForMuchMemoryIsRefused() throws Exception {
    byte[] lzma = xz(pixels());
    assertRefused(
        tiff(LZMA, dictionary(lzma, 40)),
        "its LZMA data has a dictionary or filter that is not supported; save it again with a lower");
    assertRefused(
        tiff(LZMA, dictionary(lzma, 30)),
        "its LZMA data asks for more memory than a picture may; save it again with a lower level");
    assertEquals(WIDTH, decode(tiff(LZMA, dictionary(lzma, 28))).width()); // of xz -9
    byte[] zstd = zstd(pixels());
    for (int log : new int[] {28, 31}) {
      zstd[5] = (byte) (log - 10 << 3);
      assertRefused(tiff(ZSTD, zstd), "its zstd data asks for more memory than a picture may; ");
    }
    zstd[5] = (byte) (27 - 10 << 3); // what zstd takes by default, of which little is used
    assertEquals(WIDTH, decode(tiff(ZSTD, zstd)).width());
  }

  @Test
  void tilesFarLargerThanThePictureAreRefusedFromTheHeader() throws Exception {
    byte[] data = xz(pixels());
    assertRefused(tiff(LZMA, data, 40, 30, 16384, 10000), "its LZMA data is damaged or cut short");
    byte[] many = tiff(LZMA, data, 1, 1, 16384, 10000);
    // Ten of them, all at the same place.
    ByteBuffer b = ByteBuffer.allocate(many.length + 80).order(ByteOrder.LITTLE_ENDIAN).put(many);
    b.putInt(10 + 12 + 8, 100_000);
    for (int entry : new int[] {7, 8}) {
      int at = 10 + 12 * entry;
      int value = b.getInt(at + 8);
      int array = many.length + 40 * (entry - 7);
      b.putInt(at + 4, 10).putInt(at + 8, array);
      for (int i = 0; i < 10; i++) {
        b.putInt(array + 4 * i, value);
      }
    }
    assertRefused(b.array(), "its strips or tiles take 1,638,400,000 bytes; save it again");
  }
}
