/**
 * Image files to 8-bit RGB, as Pillow's {@code Image.open(f).convert("RGB")} gives it (what
 * torchvision's ImageFolder feeds a network), and refused where Pillow refuses.
 *
 * <p>Start at {@link engine.data.image.ImageDecoder}: it finds the format by content and hands the
 * bytes to one decoder a format. JPEG and WebP go through libjpeg-turbo and libwebp ({@code
 * engine.ffi}); PNG, BMP, GIF, PNM and TIFF are read in Java. Inside the package a decoder reports
 * trouble as a {@code CorruptImage}; outside it is always an {@link
 * engine.data.image.ImageDecodeException}. May be used by {@code data} and what stands above it.
 */
package engine.data.image;
