package engine.ffi;

import java.lang.foreign.SymbolLookup;

/** libzstd, which is of a jar of its own: unpacked and loaded when a picture first needs it. */
final class ZstdLibrary {
  static final SymbolLookup LIB =
      NativeLibraries.open(
          NativeLibraries.unpack("aircompressor/linux-amd64", "libzstd.so").resolve("libzstd.so"));

  private ZstdLibrary() {}
}
