package engine.autograd;

import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What was computed, in order. Ops append to it; {@link #backward} walks it from the end, and frees
 * every intermediate value, saved tensor and gradient as soon as nothing before it can want it.
 * Closing the tape frees the rest.
 *
 * <p>A tape with {@code training} off computes the same values with layers in their evaluation mode
 * and keeps nothing for a backward.
 */
public final class Tape implements AutoCloseable {
  /** Sends the gradient of an op's output to its inputs, with {@link #accumulate}. */
  @FunctionalInterface
  public interface Backward {
    /**
     * @param dy gradient of the output; the tape closes it
     */
    void run(Tensor dy);
  }

  /** The same for a backward that reads the op's own result. */
  @FunctionalInterface
  public interface BackwardFromResult {
    /**
     * @param dy gradient of the output; the tape closes it
     * @param y the output
     */
    void run(Tensor dy, Variable y);
  }

  private static final AutoCloseable[] NOTHING = {};

  private final Backend backend;
  private final boolean training;
  private final boolean recording;
  private final List<TapeNode> nodes = new ArrayList<>();
  private int randomStreams;
  private Tensor randomState;
  private Trace trace;
  private boolean recomputing;
  private DType half;
  private final Map<Variable, Variable> casts = new IdentityHashMap<>();
  private boolean keepsStatistics;
  private Observation observation;
  private boolean endsLayer;

  /** A tape that records for a backward and runs layers in training mode. */
  public static Tape training(Backend backend) {
    return new Tape(backend, true, true);
  }

  /** A tape in evaluation mode that keeps nothing. */
  public static Tape inference(Backend backend) {
    return new Tape(backend, false, false);
  }

  /**
   * A tape in evaluation mode that still records: gradients through frozen statistics, saliency
   * maps, tests.
   */
  public static Tape evaluation(Backend backend) {
    return new Tape(backend, false, true);
  }

  private Tape(Backend backend, boolean training, boolean recording) {
    this.backend = backend;
    this.training = training;
    this.recording = recording;
  }

  public Backend backend() {
    return backend;
  }

  /** Whether layers such as dropout and batch norm are in training mode. */
  public boolean isTraining() {
    return training;
  }

  /** Whether a backward can follow, so that ops save what it needs. */
  public boolean isRecording() {
    return recording;
  }

  /** Seed and step (I64 [2]) for the dropouts on this tape; the reference stays the caller's. */
  public Tape withRandom(Tensor state) {
    randomState = state;
    return this;
  }

  /**
   * Whether results of norms, which are cheap, are dropped when the forward is done with them and
   * computed again when the backward wants them: less memory, more time.
   */
  public Tape withRecomputing(boolean on) {
    recomputing = on;
    return this;
  }

  Tensor randomState() {
    if (randomState == null) {
      throw new IllegalStateException("dropout needs Tape.withRandom first");
    }
    return randomState;
  }

  /** A number for each dropout of a step, the same in every step. */
  int nextRandomStream() {
    return randomStreams++;
  }

  /**
   * Computes in half precision from now on where an op's {@link Autocast} says so.
   *
   * @param type BF16 or F16; F32 for not at all
   */
  public Tape withAutocast(DType type) {
    half = type == DType.F32 ? null : type;
    return this;
  }

  /**
   * An input in the type in which an op of this identity wants it: itself, or its one copy in the
   * other type.
   */
  Variable operand(Operation.Identity op, Variable input) {
    Variable x = input.computed();
    DType given = x.dtype();
    DType wanted = half == null ? given : op.autocast().type(given, half);
    if (wanted == given) {
      return x;
    }
    Variable cast = casts.get(x);
    if (cast == null) {
      cast = Cast.apply(this, x, wanted);
      casts.put(x, cast);
    }
    return cast;
  }

  /** The casts that the policy has made so far. */
  public int casts() {
    return casts.size();
  }

  /** Leaves running statistics as they are, though the tape trains: for a second look at a step. */
  public Tape keepingStatistics() {
    keepsStatistics = true;
    return this;
  }

  /** Whether a batch norm in training must not move its running statistics. */
  public boolean keepsStatistics() {
    return keepsStatistics;
  }

  void keepStatistics(boolean on) {
    keepsStatistics = on;
  }

  /**
   * Holds a computation back until its result is asked for, so that what follows may become part of
   * it.
   *
   * @param shape of the result
   */
  public Variable hold(Held computation, Shape shape) {
    return new Variable(new HeldBack(this, computation), shape);
  }

  /**
   * Tells {@code observer} of every op and gradient from now on.
   *
   * @param parameters by full name, such as {@code layer1.0.conv1.weight}
   */
  public Tape withObserver(TapeObserver observer, Map<String, Parameter> parameters) {
    observation = new Observation(observer, parameters);
    return this;
  }

  /** Writes every op down from now on. */
  public Tape withTrace(Trace t) {
    trace = t;
    return this;
  }

  /** Whether every op is written down. */
  public boolean isTraced() {
    return trace != null;
  }

  /** Wraps an input or constant so that the tape closes it. Takes over the reference. */
  public Variable constant(Tensor value) {
    Variable v = new Variable(value, false);
    nodes.add(new TapeNode(null, null, v, null, NOTHING));
    backend.ran("");
    return v;
  }

  /** The operands of an op, in the order of its {@code apply}; null where one is missing. */
  static Variable[] operands(Variable... inputs) {
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = inputs[i] == null ? null : inputs[i].computed();
    }
    return inputs;
  }

  /**
   * Appends an op's result, which requires a gradient if any operand does.
   *
   * @param inputs see {@link #operands}
   * @param value the result; the reference is taken over
   * @param backward null for an op without gradient
   * @param saved closed when the backward has run; null entries are allowed
   */
  Variable record(
      Operation op, Variable[] inputs, Tensor value, Backward backward, AutoCloseable... saved) {
    return append(op, inputs, result(inputs, value), backward, saved);
  }

  private Variable result(Variable[] inputs, Tensor value) {
    return new Variable(value, recording && Variable.anyRequiresGrad(inputs));
  }

  private Variable append(
      Operation op, Variable[] inputs, Variable out, Backward backward, AutoCloseable[] saved) {
    TapeObserver.Op seen = observation == null ? null : observation.forward(op, inputs, out);
    nodes.add(new TapeNode(op, seen, out, backward, saved));
    backend.ran(op.name());
    if (recording) {
      Variable.readBy(op, inputs);
    }
    if (trace != null) {
      trace.add(op, inputs, out);
    }
    return out;
  }

  /** The same for a backward that reads the result. */
  Variable recordWithResult(
      Operation op,
      Variable[] inputs,
      Tensor value,
      BackwardFromResult backward,
      AutoCloseable... saved) {
    return recordWithResult(op, inputs, result(inputs, value), backward, saved);
  }

  /** The same for a result that is a variable already; it is the tape's from now on. */
  Variable recordWithResult(
      Operation op,
      Variable[] inputs,
      Variable out,
      BackwardFromResult backward,
      AutoCloseable... saved) {
    return append(op, inputs, out, dy -> backward.run(dy, out), saved);
  }

  /**
   * Says that nothing after this in the forward reads {@code of}. A tape that keeps nothing for a
   * backward frees it; one that recomputes drops it if it can be made again; others ignore it.
   */
  public void done(Variable of) {
    Variable v = of.ifComputed();
    if (v == null) {
      return;
    }
    if (!recording) {
      Variable cast = casts.remove(v);
      if (cast != null) {
        cast.close();
      }
      v.close();
    } else if (recomputing) {
      v.drop();
    }
  }

  /**
   * Runs a layer. Its result is computed when it ends. What it makes on the way nobody reads after
   * it in the forward; see {@link #done}.
   *
   * @param x what it reads, computed before
   * @return the layer's result
   */
  public Variable within(Variable x, UnaryOperator<Variable> layer) {
    Variable in = x.computed();
    int first = nodes.size();
    Variable end = layer.apply(in);
    endsLayer = true;
    Variable result;
    try {
      result = end.computed();
    } finally {
      endsLayer = false;
    }
    if (!recording || recomputing) {
      List<TapeNode> made = nodes.subList(first, nodes.size());
      // Who traces may want to write a constant down.
      Set<Variable> unread = TapeNode.unread(made, result, casts, trace == null);
      unread.forEach(this::done);
      if (!recording) {
        made.stream().filter(n -> unread.contains(n.output())).forEach(TapeNode::release);
        made.removeIf(n -> unread.contains(n.output()));
      }
    }
    return result;
  }

  /** The same where nothing but the layer reads x, which may use it up, and frees it. */
  public Variable consume(Variable x, UnaryOperator<Variable> layer) {
    Variable in = x.computed();
    in.handOver(true);
    Variable result = within(in, layer);
    in.handOver(false);
    if (result != in) {
      done(in);
    }
    return result;
  }

  /**
   * Whether a computation may overwrite {@code v}, which it is given as a residual: nothing will
   * read it again, or who does gets it computed again.
   */
  public boolean usesUp(Variable v) {
    return v.isLastRead(endsLayer);
  }

  /**
   * Told that everything which waited for a value has read it.
   *
   * @return whether it has been freed, to be computed again for who asks for it nevertheless
   */
  boolean spends(Variable v) {
    done(v);
    return !recording;
  }

  void accumulate(Variable to, Tensor g) {
    Variable v = to.computed();
    if (observation != null && g != null && v.requiresGrad()) {
      observation.backward(v, g);
    }
    v.accumulate(backend, g);
  }

  /**
   * Adds dL/dv to the gradient of every leaf v that requires one, for the scalar {@code loss} times
   * {@code seed}. The tape is empty afterwards.
   */
  public void backward(Variable loss, float seed) {
    Tensor one = backend.memory().empty(loss.value().dtype(), loss.shape());
    backend.memory().fillInPlace(one, seed);
    backward(loss, one);
  }

  /** The same from a given gradient of {@code output}, whose reference is taken over. */
  public void backward(Variable output, Tensor dy) {
    if (!recording) {
      throw new IllegalStateException("this tape was made for inference: it has no backward");
    }
    accumulate(output, dy);
    backend.ran("");
    while (!nodes.isEmpty()) {
      TapeNode n = nodes.removeLast();
      Tensor g = n.output().grad();
      if (g != null && n.backward() != null) {
        if (observation != null) {
          observation.runs(n.seen());
        }
        n.runBackward(g);
        backend.ran(n.op().name());
      }
      n.release();
    }
  }

  @Override
  public void close() {
    while (!nodes.isEmpty()) {
      nodes.removeLast().release();
    }
  }
}
