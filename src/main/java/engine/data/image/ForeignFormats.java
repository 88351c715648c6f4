package engine.data.image;

import static engine.data.image.ImageFormat.starts;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The first bytes of pictures, documents and videos that are not read, to tell what they are. */
final class ForeignFormats {
  /** Text at the beginning of the file. */
  private static final Map<String, ImageFormat> MAGIC = new LinkedHashMap<>();

  static {
    MAGIC.put("8BPS", ImageFormat.PSD);
    MAGIC.put("gimp xcf", ImageFormat.XCF);
    MAGIC.put("%PDF-", ImageFormat.PDF);
    MAGIC.put("%!PS", ImageFormat.POSTSCRIPT);
    MAGIC.put("AT&TFORM", ImageFormat.DJVU);
    MAGIC.put("DDS ", ImageFormat.DDS);
    MAGIC.put("icns", ImageFormat.ICON);
    MAGIC.put("qoif", ImageFormat.QOI);
    MAGIC.put("#?RADIANCE", ImageFormat.HDR);
    MAGIC.put("#?RGBE", ImageFormat.HDR);
    MAGIC.put("SIMPLE  =", ImageFormat.FITS);
    MAGIC.put("v/1\1", ImageFormat.EXR);
    MAGIC.put("II\u00bc\1", ImageFormat.JPEG_XR);
    MAGIC.put("\u00ff\n", ImageFormat.JPEG_XL);
    MAGIC.put("\0\0\0\fJXL ", ImageFormat.JPEG_XL);
    MAGIC.put("\0\0\0\fjP  ", ImageFormat.JPEG_2000);
    MAGIC.put("\u00ff\u004f\u00ff\u0051", ImageFormat.JPEG_2000);
    MAGIC.put("FUJIFILMCCD-RAW", ImageFormat.CAMERA_RAW);
    MAGIC.put("IIU\0", ImageFormat.CAMERA_RAW);
    MAGIC.put("IIRO", ImageFormat.CAMERA_RAW);
    MAGIC.put("IIRS", ImageFormat.CAMERA_RAW);
    MAGIC.put("MMOR", ImageFormat.CAMERA_RAW);
    MAGIC.put("\0MRM", ImageFormat.CAMERA_RAW);
    MAGIC.put("FOVb", ImageFormat.CAMERA_RAW);
    MAGIC.put("\u001aE\u00df\u00a3", ImageFormat.VIDEO);
    MAGIC.put("\0\0\1\u00ba", ImageFormat.VIDEO);
    MAGIC.put("FLV\1", ImageFormat.VIDEO);
    MAGIC.put("version https://git-lfs", ImageFormat.LFS_POINTER);
  }

  private ForeignFormats() {}

  /** The format of a file that begins with these bytes, or null. */
  static ImageFormat of(byte[] head) {
    for (Map.Entry<String, ImageFormat> m : MAGIC.entrySet()) {
      if (starts(head, 0, m.getKey())) {
        return m.getValue();
      }
    }
    if (starts(head, 4, "ftyp")) {
      return container(head);
    } else if (starts(head, 4, "moov") || starts(head, 4, "mdat") || starts(head, 4, "wide")) {
      return ImageFormat.VIDEO;
    } else if (starts(head, 0, "RIFF") && starts(head, 8, "AVI ")) {
      return ImageFormat.VIDEO;
    } else if (starts(head, 128, "DICM")) {
      return ImageFormat.DICOM;
    } else if (starts(head, 0, 0, 0, 1, 0) && head.length >= 22 && head[4] != 0 && head[5] == 0) {
      return ImageFormat.ICON;
    }
    return text(head);
  }

  /** ISO base media files (ISO/IEC 14496-12): the brands of the first box tell what is inside. */
  private static ImageFormat container(byte[] head) {
    int size = (head[2] & 0xff) << 8 | head[3] & 0xff;
    boolean heif = false;
    for (int at = 8; at + 4 <= Math.min(size, head.length); at += at == 8 ? 8 : 4) {
      String brand = new String(head, at, 4, StandardCharsets.ISO_8859_1);
      switch (brand) {
        case "avif", "avis" -> {
          return ImageFormat.AVIF;
        }
        case "crx " -> {
          return ImageFormat.CAMERA_RAW;
        }
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1" ->
            heif = true;
        default -> {}
      }
    }
    return heif ? ImageFormat.HEIC : ImageFormat.VIDEO;
  }

  private static ImageFormat text(byte[] head) {
    String s = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
    s = s.startsWith("\u00ef\u00bb\u00bf") ? s.substring(3).stripLeading() : s;
    if (!s.startsWith("<")) {
      return null;
    }
    String lower = s.toLowerCase(java.util.Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.contains("<html")) {
      return ImageFormat.HTML;
    }
    return lower.contains("<svg") ? ImageFormat.SVG : null;
  }
}
