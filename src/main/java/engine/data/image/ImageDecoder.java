package engine.data.image;

import engine.ffi.UncheckedNativeException;
import java.nio.file.Path;

/**
 * Decodes picture files to 8-bit RGB as Pillow's {@code Image.open(f).convert("RGB")} does: alpha
 * dropped, ICC profiles ignored, 16-bit gray clipped at 255, the first frame of an animation. The
 * format is found by content. Stateless: any number of threads may decode at once.
 */
public final class ImageDecoder {
  private static final String MORE_MEMORY =
      "shrink or remove it, or give Java more with ENGINE_JAVA_OPTS=-Xmx8g";

  private ImageDecoder() {}

  /**
   * Reads a picture; always three channels.
   *
   * @param applyExifOrientation turn the picture upright (Pillow's {@code ImageOps.exif_transpose},
   *     which torchvision's loader does not do)
   * @throws ImageDecodeException if the file cannot be read or Pillow would refuse it
   * @throws UncheckedNativeException if the library for JPEG, WebP and compressed TIFF cannot be
   *     loaded
   */
  public static PixelImage decode(Path file, boolean applyExifOrientation)
      throws ImageDecodeException {
    String name = file.toString();
    byte[] bytes;
    try (PictureFile open = PictureFile.open(file)) {
      byte[] head = open.read(ImageFormat.HEAD);
      // A video of gigabytes with a picture's name is not read to its end.
      known(ImageFormat.of(head, file), head);
      bytes = open.read(Integer.MAX_VALUE);
    } catch (CorruptImage e) {
      throw failure(name, e.getMessage(), e.advice, e);
    } catch (OutOfMemoryError e) {
      throw failure(name, "there is not enough memory to read it", MORE_MEMORY, e);
    }
    return decode(bytes, name, applyExifOrientation);
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
      throw failure(name, "there is not enough memory for its pixels", MORE_MEMORY, e);
    } catch (LinkageError e) {
      throw noLibrary(e);
    } catch (UncheckedNativeException e) {
      throw e; // says nothing about the file
    } catch (RuntimeException e) {
      // Only damage that no decoder foresaw: a loader thread must not die of one bad file.
      throw failure(name, "it cannot be decoded", "save it again as PNG or JPEG, or remove it", e);
    }
  }

  private static Decoded decode(byte[] bytes) throws CorruptImage {
    return switch (known(ImageFormat.of(bytes), bytes)) {
      case JPEG -> JpegDecoder.decode(bytes);
      case PNG -> PngDecoder.decode(bytes);
      case BMP -> BmpDecoder.decode(bytes);
      case GIF -> GifDecoder.decode(bytes);
      case TIFF -> TiffDecoder.decode(bytes);
      case WEBP -> WebpDecoder.decode(bytes);
      default -> PnmDecoder.decode(bytes);
    };
  }

  private static ImageFormat known(ImageFormat format, byte[] head) throws CorruptImage {
    if (format == null) {
      throw new CorruptImage(
          head.length == 0 ? "the file is empty" : "it is not a picture of a known format",
          "use " + ImageFormat.readTitles() + ", or remove it");
    } else if (!format.isRead()) {
      throw new CorruptImage("it is " + format.titled() + ", which is not read", format.advice());
    }
    return format;
  }

  /** What loading the library said when the class that binds it was first used. */
  private static UncheckedNativeException noLibrary(LinkageError e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new UncheckedNativeException(
        "JPEG, WebP and compressed TIFF pictures need a native library: " + root.getMessage());
  }

  private static ImageDecodeException failure(
      String name, String what, String advice, Throwable cause) {
    return new ImageDecodeException(name + ": " + what + "; " + advice, cause);
  }
}
