package engine.inspect.memory;

import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Memory;
import engine.bench.ObservedStep;
import engine.inspect.memory.MemoryProfile.Kind;
import engine.inspect.memory.MemoryProfile.Result;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches the memory of a training step. The step is computed twice: once to find when most is
 * live, and again to see what that is.
 */
public final class MemoryInspection {
  private static final int LARGEST = 12;

  private MemoryInspection() {}

  /** The profile of a step of the recipe on random pictures, without the optimiser's own pass. */
  public static MemoryProfile of(
      Backend backend, Recipe recipe, ModelInfo info, ExecutionMode execution) {
    try (ObservedStep step = new ObservedStep(backend, recipe, info, execution)) {
      Memory memory = backend.memory();
      long before = memory.liveBytes();
      Curve curve = new Curve(memory);
      step.observe(curve);
      Snapshot snapshot = new Snapshot(memory, before, curve.peakAt());
      step.observe(snapshot);
      return new MemoryProfile(
          before,
          List.copyOf(curve.live),
          curve.forwardOps,
          curve.peakAt(),
          snapshot.at,
          snapshot.kinds,
          snapshot.largest,
          memory.committedBytes());
    }
  }

  /** Live bytes after every op. */
  private static final class Curve implements TapeObserver {
    private final Memory memory;
    private final List<Long> live = new ArrayList<>();
    private int forwardOps;

    Curve(Memory memory) {
      this.memory = memory;
    }

    @Override
    public void forward(Op op, Variable output) {
      live.add(memory.liveBytes());
      forwardOps++;
    }

    @Override
    public void backward(Op op, Variable of, String name, Tensor gradient) {
      live.add(memory.liveBytes());
    }

    int peakAt() {
      int best = 0;
      for (int i = 1; i < live.size(); i++) {
        best = live.get(i) > live.get(best) ? i : best;
      }
      return best;
    }
  }

  /** What is live when the given number of ops and gradients have gone by. */
  private static final class Snapshot implements TapeObserver {
    private record Seen(String kind, String op, Tensor tensor) {}

    private final Memory memory;
    private final long before;
    private final int when;
    private final Map<Storage, Seen> seen = new IdentityHashMap<>();
    private int events;
    private String at;
    private List<Kind> kinds;
    private List<Result> largest;

    Snapshot(Memory memory, long before, int when) {
      this.memory = memory;
      this.before = before;
      this.when = when;
    }

    @Override
    public void forward(Op op, Variable output) {
      if (output.isComputed()) {
        Tensor result = output.value();
        seen.putIfAbsent(
            result.storage(), new Seen("results of " + op.name(), op.describe(), result));
      }
      event(op.describe());
    }

    @Override
    public void backward(Op op, Variable of, String name, Tensor gradient) {
      String kind = name == null ? "gradients under way" : "gradients of parameters";
      seen.putIfAbsent(gradient.storage(), new Seen(kind, op.describe(), gradient));
      event("backward of " + op.describe());
    }

    private void event(String what) {
      if (events++ == when) {
        at = what;
        look();
      }
    }

    private void look() {
      List<Seen> live = seen.values().stream().filter(s -> s.tensor.storage().isLive()).toList();
      long rest = memory.liveBytes() - before;
      List<Kind> out = new ArrayList<>();
      for (String kind : live.stream().map(Seen::kind).distinct().toList()) {
        List<Seen> of = live.stream().filter(s -> s.kind.equals(kind)).toList();
        long bytes = of.stream().mapToLong(s -> s.tensor.storage().bytes()).sum();
        out.add(new Kind(kind, of.size(), bytes));
        rest -= bytes;
      }
      out.sort(Comparator.comparingLong(Kind::bytes).reversed());
      out.add(new Kind("masks, statistics, what was recomputed", 0, rest));
      kinds = List.copyOf(out);
      largest =
          live.stream()
              .map(
                  s ->
                      new Result(
                          s.op, s.tensor.shape(), s.tensor.dtype(), s.tensor.storage().bytes()))
              .sorted(Comparator.comparingLong(Result::bytes).reversed())
              .limit(LARGEST)
              .toList();
    }
  }
}
