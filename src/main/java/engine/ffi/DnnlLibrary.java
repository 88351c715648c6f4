package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/**
 * oneDNN and the OpenMP runtime that it runs on, unpacked from the jar and loaded when one of them
 * is first asked for; what {@code OMP_PROC_BIND} is to say has to be said before that.
 */
final class DnnlLibrary {
  private static final Path FOLDER =
      NativeLibraries.unpack("org/bytedeco/dnnl/linux-x86_64", "libdnnl.so.3", "libgomp.so.1");

  static final SymbolLookup DNNL = NativeLibraries.open(FOLDER.resolve("libdnnl.so.3"));

  /** The one that oneDNN was linked with and has brought along. */
  static final SymbolLookup GOMP = NativeLibraries.open(FOLDER.resolve("libgomp.so.1"));

  private DnnlLibrary() {}
}
