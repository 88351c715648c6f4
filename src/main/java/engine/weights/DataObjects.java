package engine.weights;

import engine.weights.pickle.Allowance;
import engine.weights.pickle.PickleException;
import engine.weights.pickle.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Objects that training scripts keep beside the weights and that are nothing but data: their
 * options ({@code argparse.Namespace} of timm's and torchvision's scripts, Lightning's {@code
 * AttributeDict}, OmegaConf's nodes), numpy's scalars, sets, paths and dates. Objects with fields
 * become dicts, numbers become numbers, and what nobody needs becomes {@link Opaque}. Their classes
 * are known here by name only, so nothing of theirs can run.
 */
final class DataObjects {
  /** An object of a known class whose contents are left out. */
  record Opaque(String name) {
    @Override
    public String toString() {
      return "a " + name;
    }
  }

  /** The fields of an object, or the items of one that is a dict. */
  static final class Fields extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1;
  }

  /** What numpy calls a number's type, such as {@code <f8}; its byte order comes as a state. */
  static final class NumpyType {
    private final String code;
    private boolean big;

    private NumpyType(String code) {
      this.code = code;
    }
  }

  private enum Kind {
    FIELDS,
    LIST,
    TEXT,
    PATH,
    OPAQUE,
    NUMPY_TYPE,
    NUMPY_SCALAR
  }

  /** A class or function on the list. */
  record Known(String name, Object kind) {}

  private static final Map<String, Kind> KINDS = kinds();

  private DataObjects() {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> out = new HashMap<>();
    add(
        out,
        Kind.FIELDS,
        "argparse.Namespace types.SimpleNamespace collections.defaultdict collections.Counter",
        "easydict.EasyDict addict.addict.Dict box.box.Box munch.Munch",
        "yacs.config.CfgNode fvcore.common.config.CfgNode",
        "mmcv.utils.config.ConfigDict mmengine.config.config.ConfigDict",
        "mmengine.logging.history_buffer.HistoryBuffer",
        "ml_collections.config_dict.config_dict.ConfigDict",
        "pytorch_lightning.utilities.parsing.AttributeDict",
        "lightning.pytorch.utilities.parsing.AttributeDict",
        "lightning_fabric.utilities.data.AttributeDict",
        "lightning.fabric.utilities.data.AttributeDict",
        "omegaconf.dictconfig.DictConfig omegaconf.listconfig.ListConfig",
        "omegaconf.base.ContainerMetadata omegaconf.base.Metadata",
        "omegaconf.nodes.AnyNode omegaconf.nodes.StringNode omegaconf.nodes.IntegerNode",
        "omegaconf.nodes.FloatNode omegaconf.nodes.BooleanNode omegaconf.nodes.PathNode",
        "omegaconf.nodes.BytesNode");
    for (String builtins : List.of("builtins.", "__builtin__.")) { // Python 3's and 2's name
      add(out, Kind.FIELDS, builtins + "dict");
      for (String list : List.of("list", "tuple", "set", "frozenset")) {
        add(out, Kind.LIST, builtins + list);
      }
      add(out, Kind.TEXT, builtins + "str", builtins + "unicode");
      for (String plain :
          List.of("int", "long", "float", "bool", "bytes", "bytearray", "complex", "slice")) {
        add(out, Kind.OPAQUE, builtins + plain);
      }
      add(out, Kind.OPAQUE, builtins + "range", builtins + "xrange");
    }
    add(out, Kind.LIST, "collections.deque");
    add(out, Kind.TEXT, "torch.torch_version.TorchVersion numpy.str_");
    for (String module : List.of("pathlib.", "pathlib._local.")) {
      for (String path : List.of("PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath")) {
        add(out, Kind.PATH, module + path);
      }
    }
    add(out, Kind.NUMPY_TYPE, "numpy.dtype");
    add(out, Kind.NUMPY_SCALAR, "numpy.core.multiarray.scalar numpy._core.multiarray.scalar");
    add(
        out,
        Kind.OPAQUE,
        "numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct numpy.ndarray",
        "numpy._core.numeric._frombuffer numpy.core.numeric._frombuffer",
        "datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone",
        "decimal.Decimal fractions.Fraction uuid.UUID typing.Any");
    return Map.copyOf(out);
  }

  private static void add(Map<String, Kind> out, Kind kind, String... names) {
    for (String line : names) {
      for (String name : line.split(" ")) {
        out.put(name, kind);
      }
    }
  }

  /** What a name stands for, or null if it is none of these. */
  static Known find(String name) {
    Kind kind = KINDS.get(name);
    return kind == null ? null : new Known(name.substring(name.lastIndexOf('.') + 1), kind);
  }

  /**
   * The object that a call of a class on the list stands for; never null.
   *
   * @param allowance that the object's memory is taken from
   */
  static Object call(Known known, List<Object> args, Allowance allowance) throws PickleException {
    Object first = args.isEmpty() ? null : args.getFirst();
    allowance.take(80);
    return switch ((Kind) known.kind()) {
      case FIELDS -> {
        Fields out = new Fields();
        if (first instanceof Map<?, ?> items) {
          merge(out, items, allowance);
        }
        yield out;
      }
      case LIST -> list(first, allowance);
      case TEXT -> first instanceof String s ? s : new Opaque(known.name());
      case PATH -> path(args, allowance);
      case OPAQUE -> new Opaque(known.name());
      case NUMPY_TYPE -> first instanceof String code ? new NumpyType(code) : new Opaque("dtype");
      case NUMPY_SCALAR ->
          first instanceof NumpyType t && args.size() > 1
              ? number(t, args.get(1))
              : new Opaque("scalar");
    };
  }

  private static List<Object> list(Object from, Allowance allowance) throws PickleException {
    List<?> items = from instanceof Tuple t ? t.items() : from instanceof List<?> l ? l : List.of();
    allowance.take(16L * items.size());
    return new ArrayList<>(items);
  }

  private static String path(List<Object> parts, Allowance allowance) throws PickleException {
    StringJoiner out = new StringJoiner("/");
    for (Object part : parts) {
      if (part instanceof String s) {
        allowance.take(4L * s.length() + 8);
        out.add(s);
      }
    }
    return out.toString().replaceFirst("^//", "/");
  }

  /** A Long, a Double or a Boolean of the types that numbers have; else without its value. */
  private static Object number(NumpyType type, Object data) {
    byte[] bytes =
        switch (data) {
          case byte[] b -> b;
          case String s -> s.getBytes(StandardCharsets.ISO_8859_1); // protocol 2 has no bytes
          case null, default -> new byte[0];
        };
    ByteBuffer in =
        ByteBuffer.wrap(bytes).order(type.big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return switch (type.code + ":" + bytes.length) {
      case "f8:8" -> in.getDouble();
      case "f4:4" -> (double) in.getFloat();
      case "f2:2" -> (double) Float.float16ToFloat(in.getShort());
      case "i8:8" -> in.getLong();
      case "i4:4" -> (long) in.getInt();
      case "i2:2" -> (long) in.getShort();
      case "i1:1" -> (long) in.get();
      case "u4:4" -> Integer.toUnsignedLong(in.getInt());
      case "u2:2" -> (long) Short.toUnsignedInt(in.getShort());
      case "u1:1" -> (long) Byte.toUnsignedInt(in.get());
      case "b1:1" -> in.get() != 0;
      default -> new Opaque("scalar");
    };
  }

  /**
   * A state that Python would give the object.
   *
   * @return whether the object is one of these
   */
  static boolean build(Object object, Object state, Allowance allowance) throws PickleException {
    switch (object) {
      case Fields f -> {
        if (state instanceof Map<?, ?> fields) {
          merge(f, fields, allowance);
        } else if (state instanceof Tuple t) { // (dict, slots)
          for (Object part : t.items()) {
            if (part instanceof Map<?, ?> fields) {
              merge(f, fields, allowance);
            }
          }
        }
        return true;
      }
      case NumpyType t -> {
        t.big = state instanceof Tuple s && s.items().size() > 1 && ">".equals(s.items().get(1));
        return true;
      }
      case null, default -> {
        return object instanceof Opaque || object instanceof ArrayList;
      }
    }
  }

  private static void merge(Fields into, Map<?, ?> from, Allowance allowance)
      throws PickleException {
    if (from == into) {
      return;
    }
    allowance.take(80L * from.size());
    into.putAll(from);
  }
}
