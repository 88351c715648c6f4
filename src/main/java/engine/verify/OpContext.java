package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import engine.autograd.Add;
import engine.autograd.Mul;
import engine.autograd.Sum;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One op case on a device: inputs as leaves, outputs by name, and the comparison of values and
 * gradients. The gradient of an output is its {@code in.dy.NAME}; an output without one takes no
 * part in the backward.
 */
final class OpContext implements AutoCloseable {
  final Backend backend;
  final Tape tape;
  private final ReferenceCase reference;
  private final Checks checks;
  private final Map<String, Variable> leaves = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, Variable> outputs = new LinkedHashMap<>();

  OpContext(Backend backend, ReferenceCase reference, Checks checks) {
    this.backend = backend;
    this.tape = Tape.training(backend);
    this.reference = reference;
    this.checks = checks;
  }

  /**
   * The input {@code in.key} as a leaf that requires a gradient if the case has one for it; null if
   * there is none.
   */
  Variable leaf(String key) {
    if (!reference.has("in." + key)) {
      return null;
    }
    return leaves.computeIfAbsent(
        key,
        k -> new Variable(backend.memory().upload(reference.in(k)), reference.has("grad." + k)));
  }

  /** The input {@code in.key} as a tensor that this context closes; null if there is none. */
  Tensor tensor(String key) {
    if (!reference.has("in." + key)) {
      return null;
    }
    return constants.computeIfAbsent(key, k -> backend.memory().upload(reference.in(k)));
  }

  /** Class numbers, which files hold as I64, as a device wants them. */
  Tensor targets(String key) {
    return constants.computeIfAbsent(
        key,
        k -> backend.memory().upload(HostTensor.of(classes(k), reference.in(k).shape().dims())));
  }

  int[] classes(String key) {
    long[] wide = reference.in(key).toLongs();
    int[] out = new int[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(wide[i]);
    }
    return out;
  }

  /** A result; compared now, because the backward frees it. */
  void output(String name, Variable v) {
    outputs.put(name, v);
    check("out." + name, v.value());
  }

  void check(String key, Tensor t) {
    checks.array(key, backend.memory().download(t));
  }

  void check(String key, HostTensor t) {
    checks.array(key, t);
  }

  /** Sends the given gradients back and compares those of the leaves. */
  void backward() {
    Variable only = null;
    Variable total = null;
    String name = null;
    for (var e : outputs.entrySet()) {
      if (reference.has("in.dy." + e.getKey())) {
        only = total == null && name == null ? e.getValue() : null;
        name = e.getKey();
        total = weighted(total, e.getValue(), name);
      }
    }
    if (name == null) {
      return;
    }
    if (only != null) {
      tape.backward(only, backend.memory().upload(reference.in("dy." + name)));
    } else {
      tape.backward(total, 1);
    }
    for (var e : leaves.entrySet()) {
      if (e.getValue().requiresGrad()) {
        checks.that(e.getKey() + " got a gradient", e.getValue().grad() != null);
        check("grad." + e.getKey(), e.getValue().grad());
      }
    }
  }

  /** total + sum(v * dy): several outputs are sent back as one scalar. */
  private Variable weighted(Variable total, Variable v, String name) {
    int[] axes = new int[v.shape().rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    Variable dy = tape.constant(backend.memory().upload(reference.in("dy." + name)));
    Variable term = Sum.apply(tape, Mul.apply(tape, v, dy), axes, false);
    return total == null ? term : Add.apply(tape, total, term);
  }

  boolean flag(String key, boolean otherwise) {
    return has(key) ? attr(key).getAsBoolean() : otherwise;
  }

  float number(String key, float otherwise) {
    return has(key) ? attr(key).getAsFloat() : otherwise;
  }

  int integer(String key, int otherwise) {
    return has(key) ? ints(key)[0] : otherwise;
  }

  String text(String key, String otherwise) {
    return has(key) ? attr(key).getAsString() : otherwise;
  }

  boolean has(String key) {
    return !(attr(key) instanceof JsonNull);
  }

  /** Height and width; one number stands for both. */
  int[] pair(String key, int otherwise) {
    if (!has(key)) {
      return new int[] {otherwise, otherwise};
    }
    int[] v = ints(key);
    return v.length == 1 ? new int[] {v[0], v[0]} : v;
  }

  /** A list of integers; a bare number is a list of one. */
  int[] ints(String key) {
    JsonElement e = attr(key);
    if (!e.isJsonArray()) {
      return new int[] {e.getAsInt()};
    }
    int[] v = new int[e.getAsJsonArray().size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = e.getAsJsonArray().get(i).getAsInt();
    }
    return v;
  }

  private JsonElement attr(String key) {
    JsonElement e = reference.attrs().get(key);
    return e == null ? JsonNull.INSTANCE : e;
  }

  @Override
  public void close() {
    tape.close();
    leaves.values().forEach(Variable::close);
    constants.values().forEach(Tensor::close);
  }
}
