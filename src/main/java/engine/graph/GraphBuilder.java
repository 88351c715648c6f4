package engine.graph;

import engine.autograd.BatchNorm;
import engine.autograd.FakeQuantize;
import engine.autograd.Operation;
import engine.autograd.Reshape;
import engine.autograd.Tape;
import engine.autograd.Trace;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Writes a network down as a {@link Graph}, from a trace of one forward. */
public final class GraphBuilder {
  private final Backend backend;
  private final Map<Object, String> names = new IdentityHashMap<>();
  private final Map<String, HostTensor> constants = new LinkedHashMap<>();
  private final Map<String, Integer> counters = new LinkedHashMap<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final List<Node> nodes = new ArrayList<>();

  private GraphBuilder(Backend backend) {
    this.backend = backend;
  }

  /**
   * Runs a network once and writes down what it did.
   *
   * @param input shape of a batch of images [N, C, H, W]; N stands for any
   * @param forward the network, in evaluation mode
   * @param parameters trained values by name
   * @param buffers fixed values by name
   */
  public static Graph trace(
      Backend backend,
      Shape input,
      BiFunction<Tape, Variable, Variable> forward,
      Map<String, ? extends Variable> parameters,
      Map<String, Tensor> buffers) {
    GraphBuilder b = new GraphBuilder(backend);
    b.used.add("input");
    parameters.forEach((n, p) -> b.names.put(p, n));
    buffers.forEach((n, t) -> b.names.put(t, n));
    Trace trace = new Trace();
    try (Tape tape = Tape.inference(backend).withTrace(trace)) {
      Variable x = tape.constant(backend.memory().zeros(DType.F32, input));
      b.names.put(x, "input");
      Variable y = forward.apply(tape, x).computed();
      trace.steps().forEach(s -> b.add(s, s.output() == y));
    }
    return new Graph("input", input, "output", b.nodes, b.constants);
  }

  private void add(Trace.Step step, boolean last) {
    if (step.operation() instanceof Reshape r && isWeight(step.inputs().getFirst())) {
      reshaped(step.inputs().getFirst(), r.shape(), step.output());
      return;
    }
    List<String> inputs = new ArrayList<>();
    for (Variable v : step.inputs()) {
      inputs.add(v == null ? "" : name(v));
    }
    switch (step.operation()) {
      case BatchNorm.Infer n -> {
        inputs.add(4, constant(n.statistics().mean(), names.get(n.statistics().mean())));
        inputs.add(5, constant(n.statistics().variance(), names.get(n.statistics().variance())));
      }
      case FakeQuantize q -> {
        String of = inputs.getFirst();
        inputs.add(constant(q.grid().scale(), of + ".scale"));
        inputs.add(constant(q.grid().zeroPoint(), of + ".zero_point"));
      }
      default -> {}
    }
    String name = layer(step.operation(), inputs);
    String value = last ? "output" : unique(name + ".out");
    names.put(step.output(), value);
    used.add(value);
    nodes.add(new Node(name, step.operation(), inputs, value, step.call().output().shape()));
  }

  /** A layer's value that no node has read so far. */
  private boolean isWeight(Variable v) {
    String n = names.get(v);
    return n != null && !used.contains(n);
  }

  /** A weight that is read in another shape, such as a matrix as filters, is written in that. */
  private void reshaped(Variable weight, Shape shape, Variable as) {
    String n = names.get(weight);
    try (Tensor plain = backend.memory().toRowMajor(weight.value(), weight.dtype());
        Tensor t = plain.reshape(shape)) {
      names.put(as, constant(t, n));
    }
  }

  private String name(Variable v) {
    String n = names.get(v);
    if (n == null) {
      // A value that no step made and no layer owns: a constant of the forward.
      n = unique("constant");
      names.put(v, n);
    }
    if (!used.contains(n)) {
      constant(v.value(), n);
    }
    return n;
  }

  private String constant(Tensor t, String wanted) {
    String n = wanted == null ? unique("constant") : wanted;
    used.add(n);
    constants.computeIfAbsent(n, _ -> backend.memory().download(t));
    return n;
  }

  /** The name of the layer whose weight this is, or the op's as files have it: maxpool. */
  private String layer(Operation op, List<String> inputs) {
    for (String i : inputs) {
      if (i.endsWith(".weight") && constants.containsKey(i)) {
        return unique(i.substring(0, i.length() - ".weight".length()));
      }
    }
    return unique(op.name().replace("_", "").replace("2d", ""));
  }

  private String unique(String base) {
    int n = counters.merge(base, 1, Integer::sum);
    return n == 1 ? base : base + "_" + n;
  }
}
