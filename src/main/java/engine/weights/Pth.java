package engine.weights;

import engine.tensor.HostTensor;
import engine.weights.pickle.Allowance;
import engine.weights.pickle.PickleException;
import engine.weights.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads what {@code torch.save} writes: a zip archive of a pickle and the storages' bytes (since
 * PyTorch 1.6), or the pickles and bytes one after another (before it). Nothing in a file is run:
 * see {@link TorchGlobals}. The tensors are views of the file's bytes wherever they lie in
 * row-major order.
 */
final class Pth {
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What an old file's first pickle holds ({@code torch/serialization.py}). */
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long PROTOCOL = 1001;

  private static final String PICKLE = "/data.pkl";

  /** Where checkpoints of the usual programs keep the weights, best first. */
  private static final List<String> STATE_DICTS =
      List.of("state_dict", "model_state_dict", "model", "state_dict_ema", "model_ema", "net");

  private final MemorySegment all;
  private final Allowance allowance;
  private final TorchGlobals globals;

  private Pth(MemorySegment all) {
    this.all = all;
    this.allowance = new Allowance(all.byteSize());
    this.globals = new TorchGlobals(allowance);
  }

  /**
   * A file's tensors by name, in its order.
   *
   * @param key of the dict that they are from; null for the outermost
   * @param keys of all dicts with tensors, in the file's order
   * @param values what stands beside the weights, by name: names, numbers, and lists or dicts that
   *     may hold themselves
   */
  record Contents(
      Map<String, HostTensor> tensors, String key, List<String> keys, Map<String, Object> values) {}

  static boolean isZip(MemorySegment all) {
    return all.byteSize() >= 4 && all.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == 0x04034b50;
  }

  static boolean isLegacy(MemorySegment all) {
    return all.byteSize() >= 2
        && all.get(ValueLayout.JAVA_BYTE, 0) == (byte) 0x80
        && all.get(ValueLayout.JAVA_BYTE, 1) >= 2
        && all.get(ValueLayout.JAVA_BYTE, 1) <= 5
        && !beginsAsSafeTensors(all);
  }

  /** Whose first eight bytes, the length of its header, may happen to be those of a pickle. */
  private static boolean beginsAsSafeTensors(MemorySegment all) {
    return all.byteSize() > 8
        && all.get(ValueLayout.JAVA_INT_UNALIGNED, 4) == 0
        && " \t\r\n{".indexOf(all.get(ValueLayout.JAVA_BYTE, 8)) >= 0;
  }

  /**
   * @param choice from the keys of the dicts with tensors, in the file's order, to the one that is
   *     wanted; to null for the outermost
   */
  static Contents read(MemorySegment all, Function<List<String>, String> choice)
      throws PickleException {
    Pth file = new Pth(all);
    return file.contents(isZip(all) ? file.readZip() : file.readLegacy(), choice);
  }

  private Object readZip() throws PickleException {
    Map<String, MemorySegment> entries = ZipEntries.of(all, allowance);
    List<String> pickles =
        entries.keySet().stream()
            .filter(n -> n.indexOf('/') == n.length() - PICKLE.length() && n.endsWith(PICKLE))
            .toList();
    String kind = FileKind.ofZip(entries.keySet()); // a TorchScript program has a data.pkl, too
    if (pickles.size() != 1 || kind != null) {
      throw new PickleException(
          kind != null
              ? kind
              : "is a zip archive without the data.pkl that torch.save writes: give a .pth file");
    }
    String pickle = pickles.getFirst();
    String folder = pickle.substring(0, pickle.length() - PICKLE.length() + 1);
    MemorySegment order = entries.get(folder + "byteorder");
    if (order != null && order.byteSize() < 16) {
      requireLittle(
          new String(order.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
              .strip()
              .equals("little"));
    }
    Object root = new Unpickler(entries.get(pickle), 0, globals, allowance).read();
    for (TorchStorage s : globals.storages().values()) {
      MemorySegment bytes = entries.get(folder + "data/" + s.key());
      if (bytes == null) {
        throw new PickleException(
            "is damaged: its storage %s is missing".formatted(ZipEntries.quote(s.key())));
      }
      s.place(bytes);
    }
    return root;
  }

  /** Magic number, protocol, machine, the object, the storages' keys, and each storage's bytes. */
  private Object readLegacy() throws PickleException {
    long at = 0;
    Object[] parts = new Object[5];
    for (int i = 0; i < parts.length; i++) {
      Unpickler pickle = new Unpickler(all, at, globals, allowance);
      parts[i] = pickle.read();
      at = pickle.end();
      if (i == 0 && !MAGIC.equals(parts[0])) {
        throw new PickleException(
            "is a pickle that torch.save did not write: save the state_dict() with torch.save");
      }
      if (i == 1 && !Long.valueOf(PROTOCOL).equals(parts[1])) {
        throw new PickleException("has the unknown protocol of a future PyTorch");
      }
    }
    requireLittle(
        parts[2] instanceof Map<?, ?> machine && Boolean.TRUE.equals(machine.get("little_endian")));
    if (!(parts[4] instanceof List<?> keys) || keys.size() != globals.storages().size()) {
      throw new PickleException("is damaged: it does not list its storages");
    }
    for (Object key : keys) {
      TorchStorage s =
          key instanceof String || key instanceof Long
              ? globals.storages().get(key.toString())
              : null;
      if (s == null || s.bytes() != null) {
        throw new PickleException("is damaged: it does not list its storages");
      }
      if (at > all.byteSize() - 8
          || all.get(I64, at) != s.elements()
          || s.byteSize() > all.byteSize() - at - 8) {
        throw new PickleException(
            "is damaged: it ends before its storage %s does".formatted(ZipEntries.quote(s.key())));
      }
      s.place(all.asSlice(at + 8, s.byteSize()));
      at += 8 + s.byteSize();
    }
    return parts[3];
  }

  private static void requireLittle(boolean little) throws PickleException {
    if (!little) {
      throw new PickleException(
          "was written on a big-endian machine: load and save it again on an ordinary one");
    }
  }

  /** The first of the usual ones. */
  static String usual(List<String> keys) {
    return STATE_DICTS.stream().filter(keys::contains).findFirst().orElse(null);
  }

  private Contents contents(Object root, Function<List<String>, String> choice)
      throws PickleException {
    if (!(root instanceof Map<?, ?> top)) {
      throw new PickleException(
          "holds no dict of weights by name: save the state_dict() with torch.save");
    }
    List<String> keys = new ArrayList<>();
    for (var e : top.entrySet()) {
      if (e.getKey() instanceof String key
          && e.getValue() instanceof Map<?, ?> inner
          && hasTensor(inner)) {
        allowance.take(64);
        keys.add(key);
      }
    }
    String stateKey = choice.apply(List.copyOf(keys));
    if (stateKey == null && keys.size() == 1 && !hasTensor(top)) {
      stateKey = keys.getFirst();
    }
    Map<?, ?> state = stateKey == null ? top : (Map<?, ?>) top.get(stateKey);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (var e : state.entrySet()) {
      if (e.getValue() instanceof TorchTensor t && e.getKey() instanceof String name) {
        allowance.take(128);
        tensors.put(name, t.values(allowance));
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (var e : top.entrySet()) {
      if (!(state == top && e.getValue() instanceof TorchTensor)
          && (stateKey == null || !stateKey.equals(e.getKey()))) {
        values.put(String.valueOf(e.getKey()), e.getValue());
      }
    }
    return new Contents(tensors, stateKey, keys, values);
  }

  private static boolean hasTensor(Map<?, ?> dict) {
    return dict.values().stream().anyMatch(TorchTensor.class::isInstance);
  }
}
