package engine.inspect.tape;

import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.bench.ObservedStep;
import engine.inspect.tape.TapeStep.Gradient;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches a training step on random pictures. It is the second one: the first also brings weights
 * into the layout of their kernels.
 */
public final class TapeInspection implements TapeObserver {
  private final Backend backend;
  private final List<Op> order = new ArrayList<>();
  private final Map<Op, Long> castsForth = new IdentityHashMap<>();
  private final Map<Op, List<Gradient>> gradients = new IdentityHashMap<>();
  private final Map<Op, Long> castsBack = new IdentityHashMap<>();
  private long casts;

  private TapeInspection(Backend backend) {
    this.backend = backend;
  }

  /** The ops of one step of the recipe, in the order in which they run forward. */
  public static List<TapeStep> of(Backend backend, Recipe recipe, ModelInfo info) {
    TapeInspection seen = new TapeInspection(backend);
    try (ObservedStep step = new ObservedStep(backend, recipe, info, ExecutionMode.EAGER)) {
      seen.casts = backend.memory().casts();
      step.observe(seen);
    }
    return seen.steps();
  }

  @Override
  public void forward(Op op, Variable output) {
    order.add(op);
    castsForth.put(op, castsSince());
  }

  @Override
  public void backward(Op op, Variable of, String name, Tensor gradient) {
    gradients
        .computeIfAbsent(op, _ -> new ArrayList<>())
        .add(new Gradient(name, gradient.dtype(), gradient.shape()));
    castsBack.merge(op, castsSince(), Long::sum);
  }

  private long castsSince() {
    long before = casts;
    casts = backend.memory().casts();
    return casts - before;
  }

  private List<TapeStep> steps() {
    return order.stream().map(this::step).toList();
  }

  private TapeStep step(Op op) {
    return new TapeStep(
        op.operation(),
        op.call(),
        op.layer(),
        op.parameters(),
        op.computes(),
        castsForth.get(op),
        List.copyOf(gradients.getOrDefault(op, List.of())),
        castsBack.getOrDefault(op, 0L));
  }
}
