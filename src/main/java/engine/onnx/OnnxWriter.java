package engine.onnx;

import com.google.protobuf.CodedOutputStream;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.HostTensor;
import engine.weights.AtomicFiles;
import engine.weights.Chunks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of an {@link OnnxModel}: protocol-buffer messages of {@code onnx.proto3}, written field
 * by field. Numbers in the code are that file's field numbers.
 *
 * <p>A message holds at most 2 GB. Constants then go to a second file beside the first, {@code
 * NAME.data}, which the first one points to by name.
 */
final class OnnxWriter {
  /** Below this a constant stays in the model, where shape inference can see it. */
  private static final long SMALL = 1024;

  private static final long LARGEST_MESSAGE = Integer.MAX_VALUE - (1L << 20);
  private static final long ALIGN = 64;

  private OnnxWriter() {}

  /** Writes the fields of one message. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /**
   * Writes a model; an existing file is overwritten.
   *
   * @param external put large constants into a second file even if one file could hold them
   * @return the files written
   */
  static List<Path> write(Path file, OnnxModel model, boolean external) throws IOException {
    Map<String, HostTensor> constants = model.graph().initializers();
    long bytes = constants.values().stream().mapToLong(t -> t.data().byteSize()).sum();
    if (external || bytes > LARGEST_MESSAGE) {
      Path data = file.resolveSibling(file.getFileName() + ".data");
      Map<String, Long> offsets = writeData(data, constants);
      write(file, model, offsets, data.getFileName().toString());
      return List.of(file, data);
    }
    write(file, model, Map.of(), null);
    return List.of(file);
  }

  private static Map<String, Long> writeData(Path data, Map<String, HostTensor> constants)
      throws IOException {
    Map<String, Long> offsets = new LinkedHashMap<>();
    long at = 0;
    try (FileChannel out = create(data)) {
      for (var e : constants.entrySet()) {
        long size = e.getValue().data().byteSize();
        if (size >= SMALL) {
          at = (at + ALIGN - 1) / ALIGN * ALIGN;
          out.position(at);
          writeFully(out, e.getValue());
          offsets.put(e.getKey(), at);
          at += size;
        }
      }
    }
    return offsets;
  }

  private static void write(Path file, OnnxModel model, Map<String, Long> offsets, String location)
      throws IOException {
    OnnxModel.Graph g = model.graph();
    byte[] nodes =
        message(
            o -> {
              for (OnnxModel.Node n : g.nodes()) {
                o.writeByteArray(1, node(n));
              }
              o.writeString(2, g.name());
            });
    byte[] values =
        message(
            o -> {
              for (OnnxModel.Value v : g.inputs()) {
                o.writeByteArray(11, value(v));
              }
              for (OnnxModel.Value v : g.outputs()) {
                o.writeByteArray(12, value(v));
              }
            });
    List<byte[]> heads = new ArrayList<>();
    long size = nodes.length + values.length;
    for (var e : g.initializers().entrySet()) {
      Long offset = offsets.get(e.getKey());
      heads.add(head(e.getKey(), e.getValue(), offset, location));
      size += field(5, tensorSize(heads.getLast(), e.getValue(), offset));
    }
    try (FileChannel channel = create(file)) {
      OutputStream stream = java.nio.channels.Channels.newOutputStream(channel);
      CodedOutputStream o = CodedOutputStream.newInstance(stream, 1 << 20);
      o.writeInt64(1, model.irVersion());
      o.writeString(2, model.producer());
      o.writeString(3, model.producerVersion());
      o.writeTag(7, 2);
      o.writeUInt32NoTag(Math.toIntExact(size));
      o.writeRawBytes(nodes);
      int i = 0;
      for (var e : g.initializers().entrySet()) {
        byte[] head = heads.get(i++);
        Long offset = offsets.get(e.getKey());
        o.writeTag(5, 2);
        o.writeUInt32NoTag(Math.toIntExact(tensorSize(head, e.getValue(), offset)));
        o.writeRawBytes(head);
        if (offset == null) {
          o.writeTag(9, 2);
          o.writeUInt32NoTag(Math.toIntExact(e.getValue().data().byteSize()));
          o.flush();
          writeFully(channel, e.getValue());
        }
      }
      o.writeRawBytes(values);
      for (var e : model.opsets().entrySet()) {
        o.writeByteArray(
            8,
            message(
                x -> {
                  x.writeString(1, e.getKey());
                  x.writeInt64(2, e.getValue());
                }));
      }
      for (var e : model.metadata().entrySet()) {
        o.writeByteArray(14, entry(e.getKey(), e.getValue()));
      }
      o.flush();
    }
  }

  private static byte[] node(OnnxModel.Node n) {
    return message(
        o -> {
          for (String s : n.inputs()) {
            o.writeString(1, s);
          }
          for (String s : n.outputs()) {
            o.writeString(2, s);
          }
          o.writeString(3, n.name());
          o.writeString(4, n.op());
          for (var e : n.attributes().entrySet()) {
            o.writeByteArray(5, attribute(e.getKey(), e.getValue()));
          }
        });
  }

  private static byte[] attribute(String name, Attribute value) {
    return message(
        o -> {
          o.writeString(1, name);
          switch (value) {
            case Attribute.Real f -> {
              o.writeFloat(2, f.value());
              o.writeInt32(20, 1);
            }
            case Attribute.Int i -> {
              o.writeInt64(3, i.value());
              o.writeInt32(20, 2);
            }
            case Attribute.Text s -> {
              o.writeByteArray(4, s.value().getBytes(StandardCharsets.UTF_8));
              o.writeInt32(20, 3);
            }
            case Attribute.Constant t -> {
              o.writeByteArray(5, tensor(t.value()));
              o.writeInt32(20, 4);
            }
            case Attribute.Reals f -> {
              for (float v : f.values()) {
                o.writeFloat(7, v);
              }
              o.writeInt32(20, 6);
            }
            case Attribute.Ints i -> {
              for (long v : i.values()) {
                o.writeInt64(8, v);
              }
              o.writeInt32(20, 7);
            }
          }
        });
  }

  private static byte[] value(OnnxModel.Value v) {
    byte[] shape =
        message(
            o -> {
              for (String d : v.dims()) {
                boolean number = d.matches("\\d+");
                o.writeByteArray(
                    1,
                    message(
                        x -> {
                          if (number) {
                            x.writeInt64(1, Long.parseLong(d));
                          } else {
                            x.writeString(2, d);
                          }
                        }));
              }
            });
    byte[] type =
        message(
            o -> {
              o.writeInt32(1, OnnxTypes.code(v.dtype()));
              o.writeByteArray(2, shape);
            });
    return message(
        o -> {
          o.writeString(1, v.name());
          o.writeByteArray(2, message(x -> x.writeByteArray(1, type)));
        });
  }

  /** A TensorProto but for its raw data. */
  private static byte[] head(String name, HostTensor t, Long offset, String location) {
    return message(
        o -> {
          for (long d : t.shape().dims()) {
            o.writeInt64(1, d);
          }
          o.writeInt32(2, OnnxTypes.code(t.dtype()));
          if (!name.isEmpty()) {
            o.writeString(8, name);
          }
          if (offset != null) {
            o.writeByteArray(13, entry("location", location));
            o.writeByteArray(13, entry("offset", Long.toString(offset)));
            o.writeByteArray(13, entry("length", Long.toString(t.data().byteSize())));
            o.writeInt32(14, 1);
          }
        });
  }

  private static byte[] tensor(HostTensor t) {
    return message(
        o -> {
          o.writeRawBytes(head("", t, null, null));
          o.writeByteArray(9, t.toBytes());
        });
  }

  private static byte[] entry(String key, String value) {
    return message(
        o -> {
          o.writeString(1, key);
          o.writeString(2, value);
        });
  }

  private static long tensorSize(byte[] head, HostTensor t, Long offset) {
    return head.length + (offset == null ? field(9, t.data().byteSize()) : 0);
  }

  /** Bytes of a field with a length, with its tag. */
  private static long field(int number, long length) {
    return CodedOutputStream.computeTagSize(number)
        + CodedOutputStream.computeUInt64SizeNoTag(length)
        + length;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static void writeFully(FileChannel out, HostTensor t) throws IOException {
    for (ByteBuffer chunk : Chunks.of(t.data())) {
      AtomicFiles.writeFully(out, chunk);
    }
  }
}
