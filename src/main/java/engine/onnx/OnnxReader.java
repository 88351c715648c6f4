package engine.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import engine.base.UserError;
import engine.onnx.OnnxModel.Attribute;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the part of ONNX that classifiers are made of; fields that it does not know are skipped.
 */
public final class OnnxReader {
  private final Path file;

  private OnnxReader(Path file) {
    this.file = file;
  }

  /**
   * @throws UserError if the file is damaged or holds a type that the engine does not have
   */
  public static OnnxModel read(Path file) throws IOException {
    OnnxReader r = new OnnxReader(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      CodedInputStream in = CodedInputStream.newInstance(map(channel).asByteBuffer());
      in.setSizeLimit(Integer.MAX_VALUE);
      return r.model(in);
    } catch (UncheckedIOException | com.google.protobuf.InvalidProtocolBufferException e) {
      throw new UserError(file + " is no ONNX file, or is damaged: export it again", e);
    }
  }

  private static MemorySegment map(FileChannel channel) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
  }

  /** Takes one field, whose tag was read; returns false for one that it does not know. */
  private interface Field {
    boolean take(int number) throws IOException;
  }

  private static void fields(CodedInputStream in, Field field) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!field.take(WireFormat.getTagFieldNumber(tag))) {
        in.skipField(tag);
      }
    }
  }

  /** A message inside another. */
  private static CodedInputStream nested(CodedInputStream in) throws IOException {
    return CodedInputStream.newInstance(in.readByteBuffer());
  }

  private OnnxModel model(CodedInputStream in) throws IOException {
    long[] ir = {0};
    String[] text = {"", ""};
    Map<String, Long> opsets = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    OnnxModel.Graph[] graph = {null};
    fields(
        in,
        n -> {
          switch (n) {
            case 1 -> ir[0] = in.readInt64();
            case 2 -> text[0] = in.readString();
            case 3 -> text[1] = in.readString();
            case 7 -> graph[0] = graph(nested(in));
            case 8 -> {
              CodedInputStream o = nested(in);
              String[] domain = {""};
              long[] version = {0};
              fields(
                  o,
                  k -> {
                    if (k == 1) {
                      domain[0] = o.readString();
                    } else if (k == 2) {
                      version[0] = o.readInt64();
                    }
                    return k == 1 || k == 2;
                  });
              opsets.put(domain[0], version[0]);
            }
            case 14 -> {
              String[] e = entry(nested(in));
              metadata.put(e[0], e[1]);
            }
            default -> {
              return false;
            }
          }
          return true;
        });
    if (graph[0] == null) {
      throw new UserError(file + " is no ONNX file: it has no graph");
    }
    return new OnnxModel(ir[0], opsets, text[0], text[1], metadata, graph[0]);
  }

  private OnnxModel.Graph graph(CodedInputStream in) throws IOException {
    List<OnnxModel.Node> nodes = new ArrayList<>();
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    List<OnnxModel.Value> inputs = new ArrayList<>();
    List<OnnxModel.Value> outputs = new ArrayList<>();
    String[] name = {""};
    fields(
        in,
        n -> {
          switch (n) {
            case 1 -> nodes.add(node(nested(in)));
            case 2 -> name[0] = in.readString();
            case 5 -> {
              Named t = tensor(nested(in));
              constants.put(t.name, t.value);
            }
            case 11 -> inputs.add(value(nested(in)));
            case 12 -> outputs.add(value(nested(in)));
            default -> {
              return false;
            }
          }
          return true;
        });
    return new OnnxModel.Graph(name[0], nodes, constants, inputs, outputs);
  }

  private OnnxModel.Node node(CodedInputStream in) throws IOException {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    String[] text = {"", ""};
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    fields(
        in,
        n -> {
          switch (n) {
            case 1 -> inputs.add(in.readString());
            case 2 -> outputs.add(in.readString());
            case 3 -> text[0] = in.readString();
            case 4 -> text[1] = in.readString();
            case 5 -> attribute(nested(in), attributes);
            default -> {
              return false;
            }
          }
          return true;
        });
    return new OnnxModel.Node(text[1], text[0], inputs, outputs, attributes);
  }

  private void attribute(CodedInputStream in, Map<String, Attribute> into) throws IOException {
    String[] name = {""};
    Attribute[] single = {null};
    List<Long> ints = new ArrayList<>();
    List<Float> floats = new ArrayList<>();
    int[] type = {0};
    fields(
        in,
        n -> {
          switch (n) {
            case 1 -> name[0] = in.readString();
            case 2 -> single[0] = new Attribute.Real(in.readFloat());
            case 3 -> single[0] = new Attribute.Int(in.readInt64());
            case 4 ->
                single[0] =
                    new Attribute.Text(new String(in.readByteArray(), StandardCharsets.UTF_8));
            case 5 -> single[0] = new Attribute.Constant(tensor(nested(in)).value);
            case 7 -> repeated(in, () -> floats.add(in.readFloat()));
            case 8 -> repeated(in, () -> ints.add(in.readInt64()));
            case 20 -> type[0] = in.readInt32();
            default -> {
              return false;
            }
          }
          return true;
        });
    if (type[0] == 6) {
      float[] v = new float[floats.size()];
      for (int i = 0; i < v.length; i++) {
        v[i] = floats.get(i);
      }
      single[0] = new Attribute.Reals(v);
    } else if (type[0] == 7) {
      single[0] = new Attribute.Ints(ints.stream().mapToLong(Long::longValue).toArray());
    }
    if (single[0] == null && type[0] == 2) {
      single[0] = new Attribute.Int(0);
    }
    if (single[0] == null && type[0] == 1) {
      single[0] = new Attribute.Real(0);
    }
    if (single[0] != null) {
      into.put(name[0], single[0]);
    }
  }

  private interface Read {
    void one() throws IOException;
  }

  /** One number, or several packed together. */
  private static void repeated(CodedInputStream in, Read read) throws IOException {
    if (WireFormat.getTagWireType(in.getLastTag()) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      int old = in.pushLimit(in.readRawVarint32());
      while (in.getBytesUntilLimit() > 0) {
        read.one();
      }
      in.popLimit(old);
    } else {
      read.one();
    }
  }

  private OnnxModel.Value value(CodedInputStream in) throws IOException {
    String[] name = {""};
    int[] type = {1};
    List<String> dims = new ArrayList<>();
    fields(
        in,
        n -> {
          if (n == 1) {
            name[0] = in.readString();
          } else if (n == 2) {
            CodedInputStream t = nested(in);
            fields(t, k -> k == 1 && tensorType(nested(t), type, dims));
          }
          return n == 1 || n == 2;
        });
    DType d = OnnxTypes.of(type[0]);
    if (d == null) {
      throw new UserError(file + ": the type of " + name[0] + " is not one the engine has");
    }
    return new OnnxModel.Value(name[0], d, dims);
  }

  private static boolean tensorType(CodedInputStream in, int[] type, List<String> dims)
      throws IOException {
    fields(
        in,
        n -> {
          if (n == 1) {
            type[0] = in.readInt32();
          } else if (n == 2) {
            CodedInputStream shape = nested(in);
            fields(
                shape,
                k -> {
                  if (k == 1) {
                    CodedInputStream dim = nested(shape);
                    String[] d = {"?"};
                    fields(
                        dim,
                        j -> {
                          if (j == 1) {
                            d[0] = Long.toString(dim.readInt64());
                          } else if (j == 2) {
                            d[0] = dim.readString();
                          }
                          return j == 1 || j == 2;
                        });
                    dims.add(d[0]);
                  }
                  return k == 1;
                });
          }
          return n == 1 || n == 2;
        });
    return true;
  }

  private record Named(String name, HostTensor value) {}

  private Named tensor(CodedInputStream in) throws IOException {
    List<Long> dims = new ArrayList<>();
    int[] type = {0};
    String[] name = {""};
    byte[][] raw = {null};
    List<Double> listed = new ArrayList<>();
    Map<String, String> external = new LinkedHashMap<>();
    fields(
        in,
        n -> {
          switch (n) {
            case 1 -> repeated(in, () -> dims.add(in.readInt64()));
            case 2 -> type[0] = in.readInt32();
            case 4 -> repeated(in, () -> listed.add((double) in.readFloat()));
            case 5 -> repeated(in, () -> listed.add((double) in.readInt32()));
            case 7 -> repeated(in, () -> listed.add((double) in.readInt64()));
            case 8 -> name[0] = in.readString();
            case 9 -> raw[0] = in.readByteArray();
            case 13 -> {
              String[] e = entry(nested(in));
              external.put(e[0], e[1]);
            }
            default -> {
              return false;
            }
          }
          return true;
        });
    DType d = OnnxTypes.of(type[0]);
    if (d == null) {
      throw new UserError(file + ": the type of " + name[0] + " is not one the engine has");
    }
    Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    MemorySegment data;
    if (external.containsKey("location")) {
      data = external(external, shape.elements() * d.bytes());
    } else if (raw[0] != null) {
      data = MemorySegment.ofArray(raw[0]);
    } else {
      data = listed(d, listed);
    }
    if (data.byteSize() != shape.elements() * d.bytes()) {
      throw new UserError(
          "%s is damaged: %s holds %d bytes for %s %s"
              .formatted(file, name[0], data.byteSize(), d, shape));
    }
    return new Named(name[0], new HostTensor(d, shape, data));
  }

  private static MemorySegment listed(DType d, List<Double> values) {
    HostTensor t = HostTensor.zeros(d, Shape.of(values.size()));
    for (int i = 0; i < values.size(); i++) {
      double v = values.get(i);
      switch (d) {
        case F32 -> t.data().set(ValueLayout.JAVA_FLOAT, i * 4L, (float) v);
        case I64 -> t.data().set(ValueLayout.JAVA_LONG, i * 8L, (long) v);
        case I32 -> t.data().set(ValueLayout.JAVA_INT, i * 4L, (int) v);
        case I8, U8, BOOL -> t.data().set(ValueLayout.JAVA_BYTE, i, (byte) (int) v);
        default -> throw new UserError("a list of " + d + " cannot be read");
      }
    }
    return t.data();
  }

  private MemorySegment external(Map<String, String> where, long bytes) throws IOException {
    Path data = file.resolveSibling(where.get("location")).normalize();
    if (!data.startsWith(file.resolveSibling("").normalize())) {
      throw new UserError(file + " points to data outside its folder: " + where.get("location"));
    }
    long offset = Long.parseLong(where.getOrDefault("offset", "0"));
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ)) {
      if (offset + bytes > channel.size()) {
        throw new UserError(data + " is too short for " + file + ": copy both files together");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes, Arena.ofAuto());
    }
  }

  private static String[] entry(CodedInputStream in) throws IOException {
    String[] e = {"", ""};
    fields(
        in,
        n -> {
          if (n == 1 || n == 2) {
            e[n - 1] = in.readString();
          }
          return n == 1 || n == 2;
        });
    return e;
  }
}
