package engine.report;

import com.google.protobuf.CodedOutputStream;
import engine.report.Proto.Fields;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * TensorBoard's messages as bytes. Field numbers are those of TensorFlow's event.proto,
 * summary.proto, tensor.proto and tensor_shape.proto.
 */
final class TensorBoardEvents {
  private static final int RGB = 3;
  private static final int DT_STRING = 7;
  private static final int SESSION_START = 1;

  private TensorBoardEvents() {}

  /** The first event of every file. */
  static byte[] fileVersion(double wallTime) {
    return Proto.message(
        out -> {
          out.writeDouble(1, wallTime);
          out.writeString(3, "brain.Event:2");
        });
  }

  /** Tells readers to forget what was logged for {@code step} and later before this event. */
  static byte[] sessionStart(double wallTime, long step) {
    byte[] log = Proto.message(out -> out.writeEnum(1, SESSION_START));
    return event(wallTime, step, out -> out.writeByteArray(7, log));
  }

  /** {@code Summary.Value}s under one step. */
  static byte[] summary(double wallTime, long step, List<byte[]> values) {
    byte[] summary =
        Proto.message(
            out -> {
              for (byte[] value : values) {
                out.writeByteArray(1, value);
              }
            });
    return event(wallTime, step, out -> out.writeByteArray(5, summary));
  }

  static byte[] scalar(String tag, double value) {
    return value(tag, out -> out.writeFloat(2, (float) value));
  }

  static List<byte[]> scalars(Map<String, Double> values) {
    return values.entrySet().stream().map(e -> scalar(e.getKey(), e.getValue())).toList();
  }

  static byte[] image(String tag, byte[] encoded, int width, int height) {
    byte[] image =
        Proto.message(
            out -> {
              out.writeInt32(1, height);
              out.writeInt32(2, width);
              out.writeInt32(3, RGB);
              out.writeByteArray(4, encoded);
            });
    return value(tag, out -> out.writeByteArray(4, image));
  }

  static byte[] histogram(String tag, Histogram h) {
    byte[] histo =
        Proto.message(
            out -> {
              out.writeDouble(1, h.min());
              out.writeDouble(2, h.max());
              out.writeDouble(3, h.count());
              out.writeDouble(4, h.sum());
              out.writeDouble(5, h.sumOfSquares());
              out.writeByteArray(6, Proto.packed(h.upperEdges()));
              out.writeByteArray(7, Proto.packed(h.counts()));
            });
    return value(tag, out -> out.writeByteArray(5, histo));
  }

  /** Markdown, as the text plugin takes it: a string tensor of one element. */
  static byte[] text(String tag, String markdown) {
    byte[] plugin = Proto.message(out -> out.writeString(1, "text"));
    byte[] metadata = Proto.message(out -> out.writeByteArray(1, plugin));
    byte[] dim = Proto.message(out -> out.writeInt64(1, 1));
    byte[] shape = Proto.message(out -> out.writeByteArray(2, dim));
    byte[] tensor =
        Proto.message(
            out -> {
              out.writeEnum(1, DT_STRING);
              out.writeByteArray(2, shape);
              out.writeString(8, markdown);
            });
    return value(
        tag,
        out -> {
          out.writeByteArray(8, tensor);
          out.writeByteArray(9, metadata);
        });
  }

  private static byte[] value(String tag, Fields content) {
    return Proto.message(
        out -> {
          out.writeString(1, tag);
          content.writeTo(out);
        });
  }

  private static byte[] event(double wallTime, long step, Fields what) {
    return Proto.message(
        (CodedOutputStream out) -> {
          writeHead(out, wallTime, step);
          what.writeTo(out);
        });
  }

  private static void writeHead(CodedOutputStream out, double wallTime, long step)
      throws IOException {
    out.writeDouble(1, wallTime);
    out.writeInt64(2, step);
  }
}
