package engine.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/** The pictures under {@code engine/decode}, and what Pillow makes of each ({@code make.py}). */
final class ReferencePictures {
  /** {@code crc} of the RGB bytes; {@code upright} is null where no orientation was asked for. */
  record Picture(String name, boolean error, Pixels pixels, Pixels upright) {
    byte[] bytes() {
      return read(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record Pixels(int width, int height, long crc) {
    static Pixels of(PixelImage image) {
      CRC32 crc = new CRC32();
      crc.update(image.data());
      return new Pixels(image.width(), image.height(), crc.getValue());
    }
  }

  private ReferencePictures() {}

  static List<Picture> all() {
    List<Picture> out = new ArrayList<>();
    for (String line : new String(read("expected.tsv"), StandardCharsets.UTF_8).split("\n")) {
      String[] f = line.split("\t");
      boolean error = f[1].equals("error");
      out.add(
          new Picture(
              f[0], error, error ? null : pixels(f, 1), f.length > 4 ? pixels(f, 4) : null));
    }
    return out;
  }

  static byte[] read(String name) {
    try (InputStream in = ReferencePictures.class.getResourceAsStream("/engine/decode/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file packed with gzip. */
  static String unpack(String name) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(read(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Pixels pixels(String[] f, int at) {
    return new Pixels(
        Integer.parseInt(f[at]), Integer.parseInt(f[at + 1]), Long.parseLong(f[at + 2]));
  }
}
