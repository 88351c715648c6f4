package engine.backend.sim.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads of a launch's parameter block, which is laid out as C lays out a struct. */
final class Parameters {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private Parameters() {}

  static int signedByte(byte[] block, int at) {
    return block[at];
  }

  static int unsignedByte(byte[] block, int at) {
    return block[at] & 0xFF;
  }

  static int signedShort(byte[] block, int at) {
    return (short) SHORT.get(block, at);
  }

  static int unsignedShort(byte[] block, int at) {
    return (short) SHORT.get(block, at) & 0xFFFF;
  }

  static int word(byte[] block, int at) {
    return (int) INT.get(block, at);
  }

  static long doubleWord(byte[] block, int at) {
    return (long) LONG.get(block, at);
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }
}
