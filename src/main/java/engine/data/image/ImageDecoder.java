package engine.data.image;

import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Decodes picture files to 8-bit RGB as Pillow's {@code Image.open(f).convert("RGB")} does: alpha
 * dropped, ICC profiles ignored, 16-bit gray clipped at 255, the first frame of an animation. The
 * format is found by content. Stateless: any number of threads may decode at once.
 */
public final class ImageDecoder {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp", "gif");

  private ImageDecoder() {}

  /** True if the file's extension is one of torchvision's {@code IMG_EXTENSIONS} or {@code gif}. */
  public static boolean looksLikeImage(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
        && name.indexOf('.') >= 0;
  }

  /**
   * Reads a picture; always three channels.
   *
   * @param applyExifOrientation turn the picture upright (Pillow's {@code ImageOps.exif_transpose},
   *     which torchvision's loader does not do)
   * @throws ImageDecodeException if the file cannot be read or Pillow would refuse it
   * @throws UncheckedNativeException if it is a JPEG or WebP and their library cannot be loaded
   */
  public static PixelImage decode(Path file, boolean applyExifOrientation)
      throws ImageDecodeException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw failure(file.toString(), "there is no such file", "check the path", e);
    } catch (IOException | OutOfMemoryError e) {
      throw failure(file.toString(), "it cannot be read (" + e + ")", "check the file", e);
    }
    return decode(bytes, file.toString(), applyExifOrientation);
  }

  /** The same for a file in memory; {@code name} is only for messages. */
  public static PixelImage decode(byte[] bytes, String name, boolean applyExif)
      throws ImageDecodeException {
    try {
      Decoded d = decode(bytes);
      return applyExif ? Orientation.apply(d.image(), d.orientation()) : d.image();
    } catch (CorruptImage e) {
      throw failure(name, e.getMessage(), e.advice, e);
    } catch (OutOfMemoryError e) {
      throw failure(
          name, "there is not enough memory for its pixels", "shrink it or give java more -Xmx", e);
    } catch (LinkageError e) {
      throw noLibrary(e);
    } catch (UncheckedNativeException e) {
      throw e; // says nothing about the file
    } catch (RuntimeException e) {
      // Only damage that no decoder foresaw: a loader thread must not die of one bad file.
      throw failure(name, "it is damaged (" + e + ")", "replace the file or remove it", e);
    }
  }

  private static Decoded decode(byte[] bytes) throws CorruptImage {
    ImageFormat format = ImageFormat.of(bytes);
    if (format == null) {
      throw new CorruptImage(
          bytes.length == 0 ? "the file is empty" : "it is not a picture of a known format",
          "use JPEG, PNG, BMP, GIF, TIFF, WebP or PPM, or remove it");
    }
    return switch (format) {
      case JPEG -> JpegDecoder.decode(bytes);
      case PNG -> PngDecoder.decode(bytes);
      case BMP -> BmpDecoder.decode(bytes);
      case GIF -> GifDecoder.decode(bytes);
      case TIFF -> TiffDecoder.decode(bytes);
      case WEBP -> WebpDecoder.decode(bytes);
      case PNM -> PnmDecoder.decode(bytes);
    };
  }

  /** What loading the library said when the class that binds it was first used. */
  private static UncheckedNativeException noLibrary(LinkageError e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new UncheckedNativeException(
        "JPEG and WebP pictures need a native library: " + root.getMessage());
  }

  private static ImageDecodeException failure(
      String name, String what, String advice, Throwable cause) {
    return new ImageDecodeException(name + ": " + what + "; " + advice, cause);
  }
}
