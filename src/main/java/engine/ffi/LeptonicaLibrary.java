package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/**
 * Leptonica, libwebp, libtiff and other picture libraries, all in one shared library, unpacked from
 * the jar and loaded when it is first asked for. What its libjpeg would write to the process's
 * standard error of damaged data is kept from it ({@link QuietJpeg}).
 */
final class LeptonicaLibrary {
  private static final Path FILE =
      NativeLibraries.unpack("org/bytedeco/leptonica/linux-x86_64", "libleptonica.so.6")
          .resolve("libleptonica.so.6");

  static final SymbolLookup LIB = NativeLibraries.open(FILE);

  static {
    QuietJpeg.apply(FILE, LIB);
  }

  private LeptonicaLibrary() {}
}
