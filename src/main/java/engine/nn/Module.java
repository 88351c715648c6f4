package engine.nn;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A layer or a model: named parameters, named buffers, named children. Names joined with dots are
 * those of PyTorch's {@code state_dict}, in the same order.
 */
public abstract class Module implements Layer, AutoCloseable {
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();

  private final List<ConvNorm> pairs = new ArrayList<>();
  private Rounding rounding;

  /** In front of its children's names; known where numbers are rounded. */
  private String path;

  @Override
  public abstract Variable forward(Tape tape, Variable x);

  /**
   * Notes that {@code norm} alone reads what {@code conv} gives, and so can be folded into it.
   *
   * @param conv a child
   * @param norm a child
   */
  protected final void pair(Conv2d conv, BatchNorm2d norm) {
    pair(conv, norm, false);
  }

  /**
   * The same where an activation follows that a quantised network does in the convolution's own
   * pass: the module rounds what that gives, and not what the norm gives.
   */
  protected final void pairBeforeActivation(Conv2d conv, BatchNorm2d norm) {
    pair(conv, norm, true);
  }

  private void pair(Conv2d conv, BatchNorm2d norm, boolean activated) {
    ConvNorm p = new ConvNorm(conv, norm, activated);
    conv.pairedAs(p);
    pairs.add(p);
  }

  /**
   * Folds every norm into the convolution before it, for inference tapes; the weights themselves
   * stay. After a change of weights or statistics it must be done again.
   */
  public final void foldNorms(Backend backend) {
    walk("", (_, m) -> m.pairs.forEach(p -> p.fold(backend)));
  }

  /** Undoes {@link #foldNorms} and frees its memory. */
  public final void unfoldNorms() {
    walk("", (_, m) -> m.pairs.forEach(ConvNorm::unfold));
  }

  /**
   * Has the numbers of every layer below rounded from now on, but for those of a module that {@link
   * #staysReal}.
   *
   * @param r stays the caller's; null to go back to plain numbers
   */
  public final void roundWith(Rounding r) {
    roundWith(r, "");
  }

  private void roundWith(Rounding r, String prefix) {
    rounding = r;
    path = prefix;
    if (staysReal()) {
      return;
    }
    pairs.forEach(p -> p.roundWith(r, prefix + nameOf(p.conv())));
    children.forEach(
        (n, c) -> {
          switch (c) {
            case Linear l -> l.roundWith(r, prefix + n);
            case PixelLinear l -> l.roundWith(r, prefix + n);
            case Conv2d l -> l.roundWith(r, prefix + n);
            default -> {}
          }
          c.roundWith(r, prefix + n + ".");
        });
  }

  /**
   * Whether the layers below compute in real numbers where the network is rounded: they are small,
   * or spread too far for a grid of bytes. What the module gives is rounded all the same.
   */
  protected boolean staysReal() {
    return false;
  }

  /**
   * What a step of this module gives, rounded if the network is.
   *
   * @param step names it among the module's
   */
  protected final Variable rounded(Tape tape, String step, Variable y) {
    if (rounding == null) {
      return y;
    }
    Variable plain = y.computed();
    Variable q = rounding.result(tape, path + step, plain, false);
    if (q != plain) {
      tape.done(plain);
    }
    return q;
  }

  /** A network's input, rounded if the network is. */
  protected final Variable roundedInput(Tape tape, Variable x) {
    return rounding == null ? x : rounding.input(tape, x);
  }

  /** Whether norms keep their statistics in training, and normalise with them. */
  public final void freezeNorms(boolean on) {
    walk(
        "",
        (_, m) -> {
          if (m instanceof BatchNorm2d norm) {
            norm.freezeStatistics(on);
          }
        });
  }

  private String nameOf(Module below) {
    for (var e : modules().entrySet()) {
      if (e.getValue() == below) {
        return e.getKey();
      }
    }
    throw new IllegalArgumentException("a pair's convolution is below its module");
  }

  protected final Parameter parameter(String name, Parameter p) {
    parameters.put(name, p);
    return p;
  }

  /** A value that is saved but not trained; the module owns it. */
  protected final Tensor buffer(String name, Tensor t) {
    buffers.put(name, t);
    return t;
  }

  protected final <M extends Module> M child(String name, M m) {
    children.put(name, m);
    return m;
  }

  /** Parameters of this module and its children by full name. */
  public final Map<String, Parameter> parameters() {
    Map<String, Parameter> out = new LinkedHashMap<>();
    walk("", (prefix, m) -> m.parameters.forEach((n, p) -> out.put(prefix + n, p)));
    return out;
  }

  /** Buffers of this module and its children by full name. */
  public final Map<String, Tensor> buffers() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    walk("", (prefix, m) -> m.buffers.forEach((n, t) -> out.put(prefix + n, t)));
    return out;
  }

  /** All modules below and including this one, by full name. */
  public final Map<String, Module> modules() {
    Map<String, Module> out = new LinkedHashMap<>();
    walk(
        "",
        (prefix, m) ->
            out.put(prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), m));
    return out;
  }

  /** Row-major copies of every parameter and buffer, by PyTorch's names. */
  public final Map<String, HostTensor> stateDict(Backend backend) {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    walk(
        "",
        (prefix, m) -> {
          m.parameters.forEach((n, p) -> out.put(prefix + n, backend.memory().download(p.value())));
          m.buffers.forEach((n, t) -> out.put(prefix + n, backend.memory().download(t)));
        });
    return out;
  }

  /**
   * Overwrites parameters and buffers; every name must be there with its shape, and no other.
   *
   * @throws StateMismatchException that names what is missing, unexpected, or of another shape
   */
  public final void loadStateDict(Backend backend, Map<String, HostTensor> state) {
    Map<String, Tensor> mine = new LinkedHashMap<>();
    parameters().forEach((n, p) -> mine.put(n, p.value()));
    mine.putAll(buffers());
    StateMismatchException.check(mine, state);
    overwrite(backend, mine, state);
  }

  /**
   * Overwrites those parameters and buffers that {@code state} names and leaves the others.
   *
   * @param state by names of this module, of its shapes
   */
  public final void loadPart(Backend backend, Map<String, HostTensor> state) {
    Map<String, Tensor> mine = new LinkedHashMap<>();
    parameters().forEach((n, p) -> mine.put(n, p.value()));
    mine.putAll(buffers());
    mine.keySet().retainAll(state.keySet());
    overwrite(backend, mine, state);
  }

  private static void overwrite(
      Backend backend, Map<String, Tensor> mine, Map<String, HostTensor> state) {
    mine.forEach((n, t) -> backend.memory().uploadInPlace(as(state.get(n), t.dtype()), t));
  }

  /** Shape of every parameter and buffer by full name. */
  public final Map<String, Shape> shapes() {
    Map<String, Shape> out = new LinkedHashMap<>();
    parameters().forEach((n, p) -> out.put(n, p.shape()));
    buffers().forEach((n, t) -> out.put(n, t.shape()));
    return out;
  }

  /** A module holds F32 values and I64 counters; files may hold others. */
  private static HostTensor as(HostTensor h, DType dtype) {
    if (h.dtype() == dtype) {
      return h;
    }
    return dtype == DType.F32
        ? HostTensor.of(h.toFloats(), h.shape().dims())
        : HostTensor.of(h.toLongs(), h.shape().dims());
  }

  /** Number of trained values. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(p -> p.shape().elements()).sum();
  }

  private void walk(String prefix, BiConsumer<String, Module> visit) {
    visit.accept(prefix, this);
    children.forEach((n, m) -> m.walk(prefix + n + ".", visit));
  }

  /** Frees parameters and buffers. */
  @Override
  public void close() {
    unfoldNorms();
    walk(
        "",
        (prefix, m) -> {
          m.parameters.values().forEach(Variable::close);
          m.buffers.values().forEach(Tensor::close);
          m.parameters.clear();
          m.buffers.clear();
        });
  }
}
