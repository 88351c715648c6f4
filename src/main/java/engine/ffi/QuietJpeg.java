package engine.ffi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;

/**
 * Keeps libjpeg from writing to the process's standard error, as it does of damaged data, without
 * the file's name; Leptonica leaves it no other way. Who decodes sets up its messages by {@code
 * jpeg_std_error}, which the library calls through a pointer; that is made to lead here, where the
 * function that writes is exchanged for one that does not. Warnings are counted as before.
 */
final class QuietJpeg {
  /** Of {@code struct jpeg_error_mgr}: the third of its functions. */
  private static final long OUTPUT_MESSAGE = 16;

  private static MethodHandle jpeg_std_error$mh;
  private static final long SILENT = Native.upcall(MethodHandles.lookup(), "outputMessage", "vl");

  private QuietJpeg() {}

  /** Where this does not work, as with a library that was linked otherwise, libjpeg still talks. */
  static void apply(Path file, SymbolLookup library) {
    try {
      ElfSlots.Slot slot = ElfSlots.find(file, "jpeg_std_error");
      if (slot == null) {
        return;
      }
      jpeg_std_error$mh = Native.handle(library, "jpeg_std_error", "ll");
      long base = Native.symbol(library, "jpeg_std_error").address() - slot.function();
      MemorySegment.ofAddress(base + slot.slot())
          .reinterpret(8)
          .set(ValueLayout.JAVA_LONG, 0, Native.upcall(MethodHandles.lookup(), "stdError", "ll"));
    } catch (IOException | IndexOutOfBoundsException _) {
      // it talks
    }
  }

  /** In the place of {@code jpeg_std_error}. Nothing may be thrown from here. */
  private static long stdError(long err) {
    try {
      long same = (long) jpeg_std_error$mh.invokeExact(err);
      MemorySegment.ofAddress(err)
          .reinterpret(OUTPUT_MESSAGE + 8)
          .set(ValueLayout.JAVA_LONG, OUTPUT_MESSAGE, SILENT);
      return same;
    } catch (Throwable _) {
      return err;
    }
  }

  private static void outputMessage(long cinfo) {}
}
