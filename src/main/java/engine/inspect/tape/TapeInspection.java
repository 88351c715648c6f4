package engine.inspect.tape;

import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.data.Batch;
import engine.inspect.tape.TapeStep.Gradient;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.ModelInfo;
import engine.train.Optimizers;
import engine.train.Recipe;
import engine.train.TrainingStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Watches a training step on random pictures. It is the second one: the first also brings weights
 * into the layout of their kernels.
 */
public final class TapeInspection implements TapeObserver {
  private static final int ALIGNMENT = 64;

  private record Forward(DType result, Shape shape, long casts) {}

  private final Backend backend;
  private final List<Op> order = new ArrayList<>();
  private final Map<Op, Forward> forwards = new IdentityHashMap<>();
  private final Map<Op, List<Gradient>> gradients = new IdentityHashMap<>();
  private final Map<Op, Long> castsBack = new IdentityHashMap<>();
  private long casts;

  private TapeInspection(Backend backend) {
    this.backend = backend;
  }

  /** The ops of one step of the recipe, in the order in which they run forward. */
  public static List<TapeStep> of(Backend backend, Recipe recipe, ModelInfo info) {
    TapeInspection seen = new TapeInspection(backend);
    try (Arena arena = Arena.ofShared();
        Network model = info.model().create(backend, new SplittableRandom(recipe.seed()));
        Optimizer optimizer = Optimizers.of(backend, recipe, model);
        TrainingStep step =
            new TrainingStep(
                backend, model, optimizer, recipe, info.preprocessing().normalization(), true);
        Batch batch = pictures(arena, recipe, info)) {
      step.run(batch, 0, TrainingStep.Part.WHOLE);
      seen.casts = backend.memory().casts();
      step.observe(seen, 1);
    }
    return seen.steps();
  }

  private static Batch pictures(Arena arena, Recipe recipe, ModelInfo info) {
    int side = recipe.imageSize();
    int channels = info.model().inChannels();
    SplittableRandom random = new SplittableRandom(recipe.seed());
    byte[] bytes = new byte[Math.multiplyExact(recipe.batch() * channels, side * side)];
    random.nextBytes(bytes);
    MemorySegment pixels = arena.allocate(bytes.length, ALIGNMENT);
    pixels.copyFrom(MemorySegment.ofArray(bytes));
    int[] labels = random.ints(recipe.batch(), 0, info.model().classes()).toArray();
    return Batch.of(pixels, side, side, channels, labels);
  }

  @Override
  public void forward(Op op, Tensor output) {
    order.add(op);
    forwards.put(op, new Forward(output.dtype(), output.shape(), castsSince()));
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
    Forward f = forwards.get(op);
    return new TapeStep(
        op.name(),
        op.layer(),
        op.parameters(),
        op.computes(),
        f.result(),
        f.shape(),
        f.casts(),
        List.copyOf(gradients.getOrDefault(op, List.of())),
        castsBack.getOrDefault(op, 0L));
  }
}
