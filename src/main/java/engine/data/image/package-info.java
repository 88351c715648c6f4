/**
 * Image files to 8-bit RGB, as Pillow's {@code Image.open(f).convert("RGB")} gives it (what
 * torchvision's ImageFolder feeds a network), and refused where Pillow refuses.
 *
 * <p>Start at {@link engine.data.image.ImageDecoder}: it finds the format by content ({@link
 * engine.data.image.ImageFormat}) and hands the bytes to one decoder a format. Inside the package a
 * decoder reports trouble as a {@code CorruptImage}; outside it is always an {@link
 * engine.data.image.ImageDecodeException}. May be used by {@code data} and what stands above it.
 *
 * <p>Pictures come from strangers. PNG, BMP, GIF, PNM and uncompressed TIFF are read in Java, where
 * a hostile file cannot corrupt memory. JPEG, WebP and compressed TIFF go through C: libjpeg-turbo,
 * libwebp, libtiff and libzstd ({@code engine.ffi}), the same code that Pillow runs. What fences
 * it: the pixels that a header promises are bounded ({@code PixelLimit}) before anything is
 * allocated; the library is given a copy of the file and its length, never a name or a stream; it
 * fills buffers of sizes that it asked for; libtiff's own memory is bounded; and what it says of a
 * picture's size has to be what the header says, which is also read in Java.
 *
 * <p>Only regular files are opened, and without waiting ({@code PictureFile}): no pipe or device in
 * a picture's place holds up a run. Files are read and never mapped.
 */
package engine.data.image;
