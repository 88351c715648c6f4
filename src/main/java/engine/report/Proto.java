package engine.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Protocol-buffer messages written field by field, with no generated classes. */
final class Proto {
  private Proto() {}

  /** Writes the fields of one message. */
  @FunctionalInterface
  interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** A packed {@code repeated double}. */
  static byte[] packed(double[] values) {
    return message(
        out -> {
          for (double v : values) {
            out.writeDoubleNoTag(v);
          }
        });
  }
}
