package engine.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The places of a PNG that may say how it is to be turned (third edition, sections 11.3.3 and
 * 11.3.4.2), as Pillow knows them: the EXIF chunk, EXIF in hexadecimal digits in a text that
 * ImageMagick writes, and XMP. A text of another name turns nothing.
 */
final class PngMetadata {
  private static final int EXIF = 0x65584966;
  private static final int TEXT = 0x74455874;
  private static final int ZTXT = 0x7a545874;
  private static final int ITXT = 0x69545874;

  private static final String PROFILE = "Raw profile type exif";
  private static final String XMP = "XML:com.adobe.xmp";

  /** Pillow's {@code MAX_TEXT_CHUNK}. */
  private static final int MAX_TEXT = 1 << 20;

  private byte[] exif;
  private byte[] profile;
  private byte[] xmp;
  private byte[] xmpText;

  /** Takes a chunk of any kind. */
  void chunk(int id, byte[] data) throws CorruptImage {
    switch (id) {
      case EXIF -> exif = data;
      case TEXT -> {
        int name = zero(data, 0);
        text(name(data, name), from(data, name + 1), true);
      }
      case ZTXT -> compressed(data);
      case ITXT -> international(data);
      default -> {}
    }
  }

  int orientation() {
    byte[] said = exif;
    if (said == null && profile != null) {
      said = unhex(profile);
    }
    return Orientation.of(said, xmpText != null && xmpText.length > 0 ? xmpText : xmp);
  }

  private void text(String name, byte[] value, boolean plain) {
    switch (name) {
      case "exif" -> exif = plain ? value : new byte[1]; // of text Pillow makes no EXIF
      case PROFILE -> profile = value;
      case XMP -> xmpText = value;
      default -> {}
    }
  }

  private void compressed(byte[] data) throws CorruptImage {
    int end = zero(data, 0);
    String name = name(data, end);
    if (isKnown(name) && end + 1 < data.length && data[end + 1] == 0) {
      byte[] value = inflate(data, end + 2);
      text(name, value == null ? new byte[0] : value, false);
    }
  }

  private void international(byte[] data) throws CorruptImage {
    int end = zero(data, 0);
    int language = zero(data, end + 3);
    int translated = zero(data, language + 1);
    String name = name(data, end);
    if (!isKnown(name) || translated >= data.length) {
      return;
    }
    byte[] value = from(data, translated + 1);
    if (data[end + 1] != 0) {
      value = data[end + 2] == 0 ? inflate(data, translated + 1) : null;
    }
    if (value == null) {
      return;
    }
    if (name.equals(XMP)) {
      xmp = value;
    }
    if (isUtf8(Arrays.copyOfRange(data, end + 3, translated)) && isUtf8(value)) {
      text(name, value, false);
    }
  }

  private static boolean isKnown(String name) {
    return name.equals(PROFILE) || name.equals(XMP) || name.equals("exif");
  }

  /** The index of the next zero, or the length if there is none. */
  private static int zero(byte[] data, int from) {
    int i = from;
    while (i < data.length && data[i] != 0) {
      i++;
    }
    return i;
  }

  private static String name(byte[] data, int end) {
    return new String(data, 0, Math.min(end, data.length), StandardCharsets.ISO_8859_1);
  }

  private static byte[] from(byte[] data, int start) {
    return start >= data.length ? new byte[0] : Arrays.copyOfRange(data, start, data.length);
  }

  /** Null if it is damaged; what there is if it is cut short. */
  private static byte[] inflate(byte[] data, int start) throws CorruptImage {
    byte[] out = new byte[MAX_TEXT];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(from(data, start));
      int n = 0;
      int k = 1;
      while (n < out.length && k > 0) {
        k = inflater.inflate(out, n, out.length - n);
        n += k;
      }
      if (n == out.length && inflater.getRemaining() > 0) {
        throw new CorruptImage("a text in it unpacks to more than 1 MiB");
      }
      return Arrays.copyOf(out, n);
    } catch (DataFormatException _) {
      return null;
    }
  }

  /** Two digits a byte, from the fourth line on; no EXIF at all if it is something else. */
  private static byte[] unhex(byte[] text) {
    String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", -1);
    StringBuilder digits = new StringBuilder();
    for (int i = 3; i < lines.length; i++) {
      digits.append(lines[i]);
    }
    try {
      return HexFormat.of().parseHex(digits.toString().replaceAll("[ \t\r\f\u000b]", ""));
    } catch (IllegalArgumentException _) {
      return new byte[1];
    }
  }

  private static boolean isUtf8(byte[] data) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
