package engine.data.image;

import engine.ffi.ZstdStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZInputStream;

/**
 * A TIFF compressed by zstd or LZMA, with Deflate instead: the libtiff that is shipped has neither,
 * and what comes after decompression (predictors, byte order, colours of fewer pixels) is then the
 * same for all three. The new file is the old one with the strips or tiles appended, deflated
 * without being compressed, and a directory that names those.
 *
 * <p>As in libtiff, what a block has beyond its size is not looked at, and one that has less is an
 * error.
 */
final class TiffRecoding {
  private static final int LZMA = 34925;
  private static final int ZSTD = 50000;
  private static final int DEFLATE = 8;

  private static final int COMPRESSION = 259;
  private static final int FILL_ORDER = 266;
  private static final int YCBCR_SUBSAMPLING = 530;

  /** All of a picture of the most pixels, four samples of 16 bits each. */
  private static final long MOST_BYTES = 8 * PixelLimit.MAX_PIXELS;

  /** The strongest preset of xz takes 65. */
  private static final int LZMA_MEBIBYTES = 80;

  private static final String ANOTHER_WAY =
      "save it again with a lower level, or with Deflate or LZW";

  private final byte[] file;
  private final TiffDirectory tags;
  private final TiffLayout layout;
  private final TiffBlocks blocks;
  private final long[] sizes;
  private final boolean reversed;
  private final ArrayCache arrays = new BasicArrayCache();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);

  private TiffRecoding(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    this.file = file;
    this.tags = tags;
    this.layout = layout;
    blocks = TiffBlocks.of(tags, layout);
    sizes = tags.values(blocks.tiled() ? TiffBlocks.TILE_SIZES : TiffBlocks.STRIP_SIZES);
    reversed = tags.value(FILL_ORDER, 1) == 2;
  }

  static boolean isNeeded(TiffLayout layout) {
    return layout.compression() == ZSTD || layout.compression() == LZMA;
  }

  /** The new file. */
  static byte[] of(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    TiffRecoding recoding = new TiffRecoding(file, tags, layout);
    try {
      return recoding.recode();
    } finally {
      recoding.deflater.end();
    }
  }

  private byte[] recode() throws CorruptImage {
    int used = blocks.perPlane() * layout.planes();
    long total = (long) used * bytes(blocks.width(), blocks.height());
    if (total > MOST_BYTES) {
      throw new CorruptImage(
          "its strips or tiles take %,d bytes".formatted(total), "save it again with smaller ones");
    }
    long[] offsets = new long[blocks.offsets().length];
    long[] lengths = new long[offsets.length];
    out.writeBytes(file);
    for (int b = 0; b < used; b++) {
      offsets[b] = out.size();
      append(b);
      lengths[b] = out.size() - offsets[b];
    }
    int at = out.size();
    Map<Integer, long[]> changed =
        Map.of(
            COMPRESSION,
            new long[] {DEFLATE},
            FILL_ORDER,
            new long[0], // what was reversed is no more
            blocks.tiled() ? TiffBlocks.TILE_OFFSETS : TiffBlocks.STRIP_OFFSETS,
            offsets,
            blocks.tiled() ? TiffBlocks.TILE_SIZES : TiffBlocks.STRIP_SIZES,
            lengths);
    out.writeBytes(tags.rewritten(changed, at));
    byte[] recoded = out.toByteArray();
    ByteBuffer header = ByteBuffer.wrap(recoded);
    header.order(tags.bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (tags.bigTiff) {
      header.putLong(8, at);
    } else {
      header.putInt(4, at);
    }
    return recoded;
  }

  /** Bytes of so much of one plane, unpacked. */
  private long bytes(int width, int rows) throws CorruptImage {
    boolean grouped =
        layout.colour() == TiffLayout.Colour.YCBCR && !layout.planar() && layout.samples() == 3;
    if (!grouped) {
      long bits = (layout.planar() ? 1L : layout.samples()) * layout.bits() * width;
      return (bits + 7) / 8 * rows;
    }
    // Of each group of pixels all Y, and one Cb and Cr (TIFF 6.0, section 21).
    long[] group = tags.values(YCBCR_SUBSAMPLING);
    long h = group.length < 2 ? 2 : group[0];
    long v = group.length < 2 ? 2 : group[1];
    if (h < 1 || v < 1 || h > 4 || v > 4) {
      throw new CorruptImage("its TIFF tags contradict each other");
    }
    return (h * v + 2) * ((width + h - 1) / h) * ((rows + v - 1) / v);
  }

  private void append(int block) throws CorruptImage {
    int rows = blocks.height();
    if (!blocks.tiled()) {
      rows = Math.min(rows, layout.height() - blocks.y(block));
    }
    long left = bytes(blocks.width(), rows);
    deflater.reset();
    try (InputStream in = open(block);
        DeflaterOutputStream to = new DeflaterOutputStream(out, deflater, 1 << 14)) {
      byte[] chunk = new byte[1 << 16];
      while (left > 0) {
        int n = in.read(chunk, 0, (int) Math.min(left, chunk.length));
        if (n < 0) {
          throw damaged();
        }
        to.write(chunk, 0, n);
        left -= n;
      }
    } catch (MemoryLimitException | ZstdStream.TooLarge e) {
      throw new CorruptImage(
          "its %s data asks for more memory than a picture may".formatted(name()), ANOTHER_WAY);
    } catch (UnsupportedOptionsException e) {
      throw new CorruptImage(
          "its LZMA data has a dictionary or filter that is not supported", ANOTHER_WAY);
    } catch (IOException e) {
      throw damaged();
    }
  }

  private InputStream open(int block) throws CorruptImage, IOException {
    long from = blocks.offsets()[block];
    long length = block < sizes.length ? sizes[block] : file.length - from;
    if (from < 0 || length < 1 || from > file.length || length > file.length - from) {
      throw CorruptImage.truncated("TIFF");
    }
    byte[] data = file;
    int start = (int) from;
    if (reversed) {
      data = new byte[(int) length];
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) (Integer.reverse(file[start + i]) >>> 24);
      }
      start = 0;
    }
    return layout.compression() == ZSTD
        ? new ZstdStream(data, start, (int) length)
        : new XZInputStream(
            new ByteArrayInputStream(data, start, (int) length),
            LZMA_MEBIBYTES << 10,
            true,
            arrays);
  }

  private String name() {
    return layout.compression() == ZSTD ? "zstd" : "LZMA";
  }

  private CorruptImage damaged() {
    return new CorruptImage("its %s data is damaged or cut short".formatted(name()));
  }
}
