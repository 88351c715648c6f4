package engine.weights.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Numbers and text from the bytes of a pickle, from a position on. */
final class PickleInput {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The longest name of a module or a class that is looked for. */
  private static final int LONGEST_LINE = 1024;

  private final MemorySegment bytes;
  private final Allowance allowance;
  private long at;

  PickleInput(MemorySegment bytes, long at, Allowance allowance) {
    this.bytes = bytes;
    this.at = at;
    this.allowance = allowance;
  }

  long position() {
    return at;
  }

  int u8() throws PickleException {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
  }

  int u16() throws PickleException {
    return bytes.get(U16, advance(2)) & 0xffff;
  }

  int i32() throws PickleException {
    return bytes.get(I32, advance(4));
  }

  long u32() throws PickleException {
    return bytes.get(I32, advance(4)) & 0xffff_ffffL;
  }

  long i64() throws PickleException {
    return bytes.get(I64, advance(8));
  }

  double f64() throws PickleException {
    return bytes.get(F64, advance(8));
  }

  byte[] bytes(long length) throws PickleException {
    long from = advance(length);
    allowance.take(length + 16);
    return bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** UTF-8 text. */
  String text(long length) throws PickleException {
    long from = advance(length);
    allowance.take(4 * length + 64); // the decoder's own buffers count
    ByteBuffer in = bytes.asSlice(from, length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
    } catch (CharacterCodingException e) {
      throw new PickleException("is damaged: its pickle has text that is not UTF-8");
    }
  }

  /** Text up to a line's end, which is dropped. */
  String line() throws PickleException {
    long end = at;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      if (++end - at > LONGEST_LINE) {
        throw new PickleException("is damaged: its pickle has a name of more than 1024 letters");
      }
    }
    String line = text(end - at);
    advance(1);
    return line;
  }

  /** Where {@code length} more bytes begin; they are consumed. */
  private long advance(long length) throws PickleException {
    if (length < 0 || length > bytes.byteSize() - at) {
      throw new PickleException("is damaged: its pickle ends too early");
    }
    at += length;
    return at - length;
  }
}
