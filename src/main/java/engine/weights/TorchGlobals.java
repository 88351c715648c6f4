package engine.weights;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.weights.pickle.Allowance;
import engine.weights.pickle.Globals;
import engine.weights.pickle.PickleException;
import engine.weights.pickle.Tuple;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names that a saved state dict may use, and what they make. The list is that of PyTorch's own
 * {@code weights_only} loader ({@code torch/_weights_only_unpickler.py}), without what makes no
 * dense tensor, and with the {@link DataObjects} that training scripts put beside the weights.
 */
final class TorchGlobals implements Globals {
  private static final int MOST_AXES = 64;

  /** What a name on the list stands for. */
  private sealed interface Known {}

  private enum Function implements Known {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_TENSOR_V3,
    REBUILD_PARAMETER,
    SIZE,
    DEVICE,
    ENCODE
  }

  /** A storage class; {@code null} for the one without a type. */
  private record StorageType(DType dtype) implements Known {}

  private record Type(DType dtype) implements Known {}

  private static final Map<String, Known> KNOWN = known();

  /** Classes that Lightning before 1.5 used as keys: a name will do, which cannot be called. */
  private static final Pattern CALLBACK =
      Pattern.compile("^(pytorch_lightning|lightning\\.pytorch)\\.callbacks\\.");

  /** Where the classes of models live: PyTorch's own layers, and what programs call theirs. */
  private static final Pattern MODULE =
      Pattern.compile(
          "^torch\\.nn\\.|^(torchvision|timm|ultralytics|segmentation_models_pytorch|efficientnet_pytorch|models?|networks?|nets?)\\.");

  private final Allowance allowance;

  /** Storages by key, in the order in which they were met. */
  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /**
   * @param allowance that objects beside the weights take their memory from
   */
  TorchGlobals(Allowance allowance) {
    this.allowance = allowance;
  }

  private static Map<String, Known> known() {
    Map<String, Known> out = new HashMap<>();
    out.put("collections.OrderedDict", Function.ORDERED_DICT);
    out.put("torch._utils._rebuild_tensor", Function.REBUILD_TENSOR);
    out.put("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR);
    out.put("torch._utils._rebuild_tensor_v3", Function.REBUILD_TENSOR_V3);
    out.put("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER);
    out.put("torch._utils._rebuild_parameter_with_state", Function.REBUILD_PARAMETER);
    out.put("torch.nn.parameter.Parameter", Function.REBUILD_PARAMETER);
    out.put("torch.Size", Function.SIZE);
    out.put("torch.device", Function.DEVICE);
    out.put("_codecs.encode", Function.ENCODE);
    out.put("torch.storage.UntypedStorage", new StorageType(null));
    type(out, DType.F64, "Double", "float64", "double");
    type(out, DType.F32, "Float", "float32", "float");
    type(out, DType.F16, "Half", "float16", "half");
    type(out, DType.BF16, "BFloat16", "bfloat16");
    type(out, DType.I64, "Long", "int64", "long");
    type(out, DType.I32, "Int", "int32", "int");
    type(out, DType.I16, "Short", "int16", "short");
    type(out, DType.I8, "Char", "int8");
    type(out, DType.U8, "Byte", "uint8");
    type(out, DType.BOOL, "Bool", "bool");
    return Map.copyOf(out);
  }

  private static void type(Map<String, Known> out, DType dtype, String storage, String... names) {
    out.put("torch." + storage + "Storage", new StorageType(dtype));
    out.put("torch.cuda." + storage + "Storage", new StorageType(dtype));
    for (String name : names) {
      out.put("torch." + name, new Type(dtype));
    }
  }

  Map<String, TorchStorage> storages() {
    return storages;
  }

  @Override
  public Object find(String module, String name) throws PickleException {
    String full = module + "." + name;
    Known known = KNOWN.get(full);
    if (known != null) {
      return known;
    }
    DataObjects.Known data = DataObjects.find(full);
    if (data != null) {
      return data;
    }
    if (CALLBACK.matcher(full).find()) {
      return full;
    }
    if (full.startsWith("__torch__.")) {
      throw new PickleException(
          "is a TorchScript program, not weights: save its state_dict() with torch.save");
    }
    if (MODULE.matcher(full).find()) {
      throw new PickleException(
          "holds a whole model as Python objects (%s), not only its weights: in Python, load it with its own program and save model.state_dict() with torch.save"
              .formatted(ZipEntries.plain(full)));
    }
    throw new PickleException(
        "wants to use %s, which weights do not need: nothing of it was run; save only the state_dict() with torch.save"
            .formatted(ZipEntries.quote(full)));
  }

  @Override
  public Object call(Object function, List<Object> args) throws PickleException {
    if (function instanceof DataObjects.Known data) {
      return DataObjects.call(data, args, allowance);
    }
    Object first = args.isEmpty() ? null : args.getFirst();
    Object made =
        switch (function) {
          case Function.ORDERED_DICT -> dict(args);
          case Function.REBUILD_TENSOR -> tensor(args, null);
          case Function.REBUILD_TENSOR_V3 ->
              args.size() > 6 && args.get(6) instanceof Type t ? tensor(args, t.dtype()) : null;
          case Function.REBUILD_PARAMETER -> first instanceof TorchTensor t ? t : null;
          case Function.SIZE -> first instanceof Tuple t ? t : null;
          case Function.DEVICE, Function.ENCODE -> first instanceof String s ? s : null;
          case null, default -> null;
        };
    if (made == null) {
      throw new PickleException("is damaged: its pickle makes a call that it should not");
    }
    return made;
  }

  /** An empty one, or as Python 2 wrote them, from a list of pairs. */
  private static LinkedHashMap<Object, Object> dict(List<Object> args) throws PickleException {
    LinkedHashMap<Object, Object> out = new LinkedHashMap<>();
    if (args.isEmpty()) {
      return out;
    }
    if (args.size() == 1 && args.getFirst() instanceof List<?> pairs) {
      for (Object p : pairs) {
        List<?> pair = p instanceof Tuple t ? t.items() : p instanceof List<?> l ? l : List.of();
        if (pair.size() != 2 || !(pair.getFirst() instanceof String key)) {
          throw new PickleException("is damaged: a dict in it is not made of names and values");
        }
        out.put(key, pair.getLast());
      }
      return out;
    }
    throw new PickleException("is damaged: a dict in it is not made of names and values");
  }

  /** From storage, offset, size and strides. */
  private static TorchTensor tensor(List<Object> args, DType type) throws PickleException {
    if (args.size() < 4
        || !(args.get(0) instanceof TorchStorage storage)
        || !(args.get(1) instanceof Long offset)
        || !(args.get(2) instanceof Tuple size)
        || !(args.get(3) instanceof Tuple strides)
        || size.items().size() != strides.items().size()
        || size.items().size() > MOST_AXES) {
      throw new PickleException("is damaged: a tensor in it lacks its storage, size or strides");
    }
    long[] dims = longs(size);
    for (long d : dims) {
      if (d < 0) {
        throw new PickleException("is damaged: a tensor in it has the negative extent " + d);
      }
    }
    DType dtype = type == null ? storage.dtype() : type;
    return new TorchTensor(storage, dtype, offset, Shape.of(dims), longs(strides));
  }

  private static long[] longs(Tuple t) throws PickleException {
    long[] out = new long[t.items().size()];
    for (int i = 0; i < out.length; i++) {
      if (!(t.items().get(i) instanceof Long n)) {
        throw new PickleException("is damaged: a tensor's size or strides are not whole numbers");
      }
      out[i] = n;
    }
    return out;
  }

  /** Fields of data; attributes of a dict (its version) or a parameter are not needed. */
  @Override
  public void build(Object object, Object state) throws PickleException {
    if (!DataObjects.build(object, state, allowance)
        && !(object instanceof LinkedHashMap || object instanceof TorchTensor)) {
      throw new PickleException("is damaged: its pickle gives a state to what has none");
    }
  }

  /** {@code ("storage", class, key, device, elements)}, and a view or none in old files. */
  @Override
  public Object persistent(Object id) throws PickleException {
    List<Object> parts = id instanceof Tuple t ? t.items() : List.of();
    if (parts.size() < 5
        || !"storage".equals(parts.get(0))
        || !(parts.get(1) instanceof StorageType type)
        || !(parts.get(2) instanceof String || parts.get(2) instanceof Long)
        || !(parts.get(4) instanceof Long elements)) {
      throw new PickleException("is damaged: it refers to something other than a tensor's storage");
    }
    if (parts.size() > 5 && parts.get(5) != null) {
      throw new PickleException(
          "has storages that are views of others, as PyTorch before 0.4 wrote them: load and save"
              + " it again with torch.save");
    }
    String key = parts.get(2).toString();
    DType dtype = type.dtype() == null ? DType.U8 : type.dtype();
    TorchStorage known = storages.get(key);
    if (known == null) {
      known = new TorchStorage(key, dtype, elements);
      storages.put(key, known);
    } else if (known.elements() != elements || known.dtype() != dtype) {
      throw new PickleException(
          "is damaged: its storage %s has two sizes or types".formatted(ZipEntries.quote(key)));
    }
    return known;
  }
}
