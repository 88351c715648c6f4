package engine.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TFRecord framing, all little-endian: u64 length, u32 masked CRC-32C of those eight bytes, the
 * data, u32 masked CRC-32C of the data (tensorflow/core/lib/io/record_writer.h).
 */
final class TfRecord {
  private static final int MASK_DELTA = 0xa282ead8;

  private TfRecord() {}

  static ByteBuffer frame(byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(data.length);
    out.putInt(maskedCrc(out.array(), 8));
    out.put(data);
    out.putInt(maskedCrc(data, data.length));
    return out.flip();
  }

  /** The CRC of the first {@code length} bytes, rotated and shifted as TensorFlow stores it. */
  static int maskedCrc(byte[] data, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
