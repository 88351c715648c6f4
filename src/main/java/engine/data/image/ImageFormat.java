package engine.data.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * What kind of picture a file is, told by its first bytes: the formats that are read, with the
 * extensions that go with them, and those that are not, so that a message can say what a file is.
 */
public enum ImageFormat {
  JPEG("JPEG picture", "jpg", "jpeg", "jpe", "jfif", "jif"),
  PNG("PNG picture", "png", "apng"),
  BMP("BMP picture", "bmp", "dib"),
  GIF("GIF picture", "gif"),
  TIFF("TIFF picture", "tif", "tiff"),
  WEBP("WebP picture", "webp"),
  PNM("PNM picture", "pbm", "pgm", "ppm", "pnm"),

  AVIF("AVIF picture"),
  HEIC("HEIC picture"),
  JPEG_XL("JPEG XL picture"),
  JPEG_2000("JPEG 2000 picture"),
  JPEG_XR("JPEG XR picture"),
  CAMERA_RAW("camera RAW picture"),
  PSD("Photoshop picture"),
  XCF("GIMP picture"),
  ICON("icon"),
  DDS("DDS texture"),
  EXR("OpenEXR picture"),
  HDR("Radiance HDR picture"),
  QOI("QOI picture"),
  DICOM("DICOM picture"),
  FITS("FITS picture"),
  DJVU("DjVu document"),
  SVG("SVG drawing"),
  PDF("PDF document"),
  POSTSCRIPT("PostScript document"),
  VIDEO("video"),
  HTML("web page"),
  LFS_POINTER("Git LFS pointer");

  /** How many bytes of a file tell its format. */
  static final int HEAD = 1024;

  /** What certainly is no picture, or an unfinished or second copy of one: not even opened. */
  private static final Set<String> LEFT_ALONE =
      Set.of(
          ("txt text md rst log csv tsv json jsonl xml yaml yml toml ini cfg html htm css js py sh"
                  + " java c h npy npz mat h5 pkl pt pth onnx safetensors parquet zip tar gz tgz xz"
                  + " bz2 7z rar db lnk part partial crdownload download tmp temp bak orig swp")
              .split(" "));

  /** Camera files that begin as a TIFF does and hold a small preview where its picture would be. */
  private static final Set<String> RAW =
      Set.of(
          "dng nef nrw cr2 arw srf sr2 pef raw rwl srw 3fr fff dcr kdc k25 erf mef mos iiq gpr"
              .split(" "));

  private final String title;
  private final Set<String> extensions;

  ImageFormat(String title, String... extensions) {
    this.title = title;
    this.extensions = Set.of(extensions);
  }

  /** Whether pictures of this format can be decoded. */
  public boolean isRead() {
    return !extensions.isEmpty();
  }

  /** What such a file is, as in "HEIC picture"; with an s at its end there are several. */
  public String title() {
    return title;
  }

  /** The title with its article, as in "an SVG drawing". */
  public String titled() {
    return (Set.of(AVIF, ICON, EXR, SVG).contains(this) ? "an " : "a ") + title;
  }

  /** What the user of a file that is not read can do. */
  public String advice() {
    return switch (this) {
      case SVG, PDF, POSTSCRIPT, DJVU -> "draw it as a PNG or JPEG";
      case VIDEO -> "take pictures out of it as JPEG, as ffmpeg -i VIDEO -r 1 %05d.jpg does";
      case HTML -> "download the picture again";
      case LFS_POINTER -> "run git lfs pull to get the picture";
      default -> "convert it to JPEG or PNG";
    };
  }

  /**
   * What a regular file found in a folder of pictures is: by its extension if that is one of a
   * format that is read, and else by its first bytes.
   *
   * @return null if it is no picture, cannot be opened, or has an extension of other kinds of file
   *     ({@code .txt}, {@code .part}), which are not opened
   */
  public static ImageFormat inFolder(Path file) {
    String extension = extension(file);
    for (ImageFormat f : values()) {
      if (f.extensions.contains(extension)) {
        return f;
      }
    }
    if (LEFT_ALONE.contains(extension) || file.toString().endsWith("~")) {
      return null;
    }
    try {
      byte[] head = PictureFile.head(file, HEAD);
      ImageFormat f = of(head, file);
      return (f == BMP && !likelyBmp(head)) || (f == PNM && !likelyPnm(head)) ? null : f;
    } catch (IOException _) {
      return null;
    }
  }

  /** By its first bytes; {@code file} only tells camera files from TIFF. */
  static ImageFormat of(byte[] head, Path file) {
    ImageFormat f = of(head);
    return f == TIFF && RAW.contains(extension(file)) ? CAMERA_RAW : f;
  }

  /** In lower case, without the dot; empty if there is none. */
  private static String extension(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    return name.substring(name.lastIndexOf('.') + 1 + (name.indexOf('.') < 0 ? name.length() : 0))
        .toLowerCase(Locale.ROOT);
  }

  /** The format of a file that begins with these bytes, or null. */
  static ImageFormat of(byte[] b) {
    if (starts(b, 0, 0xff, 0xd8, 0xff)) {
      return JPEG;
    } else if (starts(b, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return PNG;
    } else if (starts(b, 0, "GIF87a") || starts(b, 0, "GIF89a")) {
      return GIF;
    } else if (isTiff(b)) {
      return starts(b, 8, 'C', 'R', 2) ? CAMERA_RAW : TIFF;
    } else if (starts(b, 0, "RIFF") && starts(b, 8, "WEBP")) {
      return WEBP;
    } else if (starts(b, 0, "BM")) {
      return BMP;
    } else if (b.length > 2 && b[0] == 'P' && b[1] >= '1' && b[1] <= '6' && b[2] <= ' ') {
      return PNM;
    }
    return ForeignFormats.of(b);
  }

  /** TIFF or BigTIFF; 42 in the wrong byte order is taken for what was meant, as Pillow does. */
  private static boolean isTiff(byte[] b) {
    boolean order = starts(b, 0, 'I', 'I') || starts(b, 0, 'M', 'M');
    boolean version =
        starts(b, 2, 42, 0)
            || starts(b, 2, 0, 42)
            || starts(b, 0, 'I', 'I', 43, 0)
            || starts(b, 0, 'M', 'M', 0, 43);
    return order && version;
  }

  /** "BM" alone is also how a text may begin. */
  private static boolean likelyBmp(byte[] b) {
    return b.length >= 26 && b[15] == 0 && b[16] == 0 && b[17] == 0 && b[14] >= 12;
  }

  private static boolean likelyPnm(byte[] b) {
    int i = 2;
    while (i < b.length && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r')) {
      i++;
    }
    return i < b.length && (b[i] == '#' || (b[i] >= '0' && b[i] <= '9'));
  }

  static boolean starts(byte[] b, int at, String prefix) {
    return starts(b, at, prefix.chars().toArray());
  }

  static boolean starts(byte[] b, int at, int... prefix) {
    if (b.length < at + prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if ((b[at + i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** The formats that are read, for messages. */
  static String readTitles() {
    return String.join(
        ", ",
        Arrays.stream(values())
            .filter(ImageFormat::isRead)
            .map(f -> f.title.substring(0, f.title.indexOf(' ')))
            .toList());
  }
}
