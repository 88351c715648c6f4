package engine.backend.cuda.plans;

import engine.backend.OutOfDeviceMemoryException;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.EngineRules;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.GraphTensor;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.dnn.Planner;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.KernelClock;
import engine.backend.cuda.memory.CudaMemory;
import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * cuDNN on one GPU: its handle, and every plan made so far. Owner of both. Plans are kept for later
 * processes in {@link PlanFiles}.
 */
public final class CudnnPlans implements AutoCloseable {
  /** Activations need the rest of the memory. */
  private static final long MOST_WORKSPACE = 1L << 30;

  private static final EngineRules WITHOUT_TF32 = new EngineRules(MOST_WORKSPACE, false);
  private static final EngineRules WITH_TF32 = new EngineRules(MOST_WORKSPACE, true);

  /** How many are timed: PyTorch's {@code cudnn.benchmark_limit}. */
  private static final int CANDIDATES = 10;

  /** What a file says of a fused graph. */
  private static final String FUSED = "fused";

  private static final String APART = "apart";

  /** Two ways to the same values, on tensors of their own. */
  public interface Ways extends AutoCloseable {
    /** Runs the fused graph and what must follow it. */
    void fused();

    /** Runs what the graph stands for, and what must follow. */
    void apart();

    @Override
    void close();
  }

  private record Asked(OperationGraph graph, EngineRules rules) {}

  private record Choice(List<OperationGraph> graphs, EngineRules rules) {}

  private static final System.Logger LOG = System.getLogger(CudnnPlans.class.getName());

  private final Gpu gpu;
  private final CudaMemory memory;
  private final KernelClock clock;
  private final Supplier<Cudnn> library;
  private final PlanFiles files;
  private final Map<Asked, ExecutionPlan> plans = new HashMap<>();
  private final Map<Choice, OperationGraph> choices = new HashMap<>();

  /** Whether fused graphs were faster than what they replace. */
  private final Map<Asked, Boolean> worth = new HashMap<>();

  /** Engines that failed when they were to run, by what they were to run. */
  private final Map<Asked, Set<Long>> failed = new HashMap<>();

  /** Recorded steps may still hold their kernels. */
  private final List<ExecutionPlan> retired = new ArrayList<>();

  private EngineRules rules = WITHOUT_TF32;
  private boolean autotune;
  private final Map<String, Long> runs = new TreeMap<>();
  private Cudnn cudnn;
  private long handle;

  /**
   * @param library asked at the first convolution, since cuDNN takes long to load
   */
  public CudnnPlans(
      Gpu gpu, CudaMemory memory, KernelClock clock, Supplier<Cudnn> library, PlanFiles files) {
    this.gpu = gpu;
    this.memory = memory;
    this.clock = clock;
    this.library = library;
    this.files = files;
  }

  public static EngineRules rules(boolean tf32) {
    return tf32 ? WITH_TF32 : WITHOUT_TF32;
  }

  /** Whether graphs that run from now on may round fp32 operands to TF32. */
  public void roundToTf32(boolean on) {
    rules = rules(on);
  }

  /** Whether graphs that are planned from now on get the fastest plan rather than the likeliest. */
  public void autotune(boolean on) {
    autotune = on;
  }

  /**
   * Whether a fused graph is to be used rather than other graphs and kernels in its place: where
   * graphs are tuned, if it takes no longer here; else always, as that is what it was made for.
   *
   * @param ways asked for only where both are timed
   */
  public boolean worthFusing(OperationGraph graph, Supplier<Ways> ways) {
    if (!autotune) {
      return true;
    }
    Asked asked = new Asked(graph, rules);
    Boolean known = worth.get(asked);
    if (known != null) {
      return known;
    }
    open();
    String question = question(graph) + ", fused or apart";
    Optional<String> kept = files.read(question);
    boolean best;
    if (kept.isPresent()) {
      best = kept.get().equals(FUSED);
    } else if (memory.isRecording()) {
      return true; // nothing can be timed now
    } else {
      try (Ways w = ways.get()) {
        best = new FusionTuner(clock::milliseconds).isFaster(graph.name(), w::fused, w::apart);
        files.write(question, best ? FUSED : APART);
      } catch (OutOfDeviceMemoryException e) {
        LOG.log(Level.DEBUG, "{0} is not timed: {1}", graph.name(), e.getMessage());
        return true;
      }
    }
    worth.put(asked, best);
    return best;
  }

  /**
   * The first of several graphs for the same thing that this GPU can run.
   *
   * @throws CudnnException with the reason for the last, where it can run none
   */
  public OperationGraph firstPlanned(List<OperationGraph> graphs) {
    return choices.computeIfAbsent(new Choice(graphs, rules), c -> choose(c.graphs));
  }

  private OperationGraph choose(List<OperationGraph> graphs) {
    CudnnException reason = null;
    for (OperationGraph g : graphs) {
      try {
        plan(g);
        return g;
      } catch (CudnnException e) {
        reason = e;
      }
    }
    throw reason;
  }

  /** The plan of a graph, made once. */
  public ExecutionPlan plan(OperationGraph graph) {
    Asked asked = new Asked(graph, rules);
    ExecutionPlan p = plans.get(asked);
    if (p == null) {
      open();
      p = restoredOrNew(graph);
      plans.put(asked, p);
    }
    return p;
  }

  private ExecutionPlan restoredOrNew(OperationGraph graph) {
    Planner planner = planner();
    String question = question(graph);
    Optional<String> kept = files.read(question);
    if (kept.isPresent()) {
      try {
        return planner.restore(kept.get());
      } catch (CudnnException e) {
        LOG.log(Level.DEBUG, "planning {0} anew: {1}", graph.name(), e.getMessage());
      }
    }
    if (!autotune) {
      return kept(question, planner.plan(graph, rules));
    }
    if (!memory.isRecording()) {
      try {
        return kept(question, fastest(planner, graph));
      } catch (OutOfDeviceMemoryException e) {
        LOG.log(Level.DEBUG, "{0} is not tuned: {1}", graph.name(), e.getMessage());
      }
    }
    return planner.plan(graph, rules);
  }

  private Planner planner() {
    return Planner.forHandle(cudnn, handle, gpu::useHere);
  }

  private ExecutionPlan kept(String question, ExecutionPlan made) {
    try {
      files.write(question, made.json());
    } catch (CudnnException e) {
      files.forget(question);
      LOG.log(Level.DEBUG, "engine {0} gives no text to keep: {1}", made.engine(), e.getMessage());
    }
    return made;
  }

  private ExecutionPlan fastest(Planner planner, OperationGraph graph) {
    List<ExecutionPlan> plans = planner.plans(graph, rules, CANDIDATES);
    ExecutionPlan best;
    try {
      best = new PlanTuner(memory, clock::milliseconds).fastest(graph, plans, handle);
    } catch (RuntimeException e) {
      plans.getFirst().close();
      throw e;
    }
    try {
      // Alone, without what the others hold.
      ExecutionPlan alone = planner.restore(best.json());
      best.close();
      return alone;
    } catch (CudnnException e) {
      return best;
    }
  }

  /** All that the choice of a plan depends on. A record's text names all of its components. */
  private String question(OperationGraph graph) {
    return "cuDNN %d, %s, sm_%d, %d multiprocessors, %s, %s, %s"
        .formatted(
            cudnn.cudnnGetVersion(),
            gpu.name,
            gpu.architecture,
            gpu.multiprocessors,
            rules,
            autotune ? "fastest of " + CANDIDATES : "first",
            graph);
  }

  /**
   * Runs a graph on the GPU's stream.
   *
   * @param data tensors by the ids of the graph
   */
  public void run(OperationGraph graph, Map<Long, Tensor> data) {
    Map<Long, Long> addresses = new HashMap<>();
    data.forEach((id, tensor) -> addresses.put(id, tensor.address()));
    runAt(graph, addresses);
  }

  /**
   * The same, for tensors that begin inside of their memory.
   *
   * @param addresses device addresses by the ids of the graph
   */
  public void runAt(OperationGraph graph, Map<Long, Long> addresses) {
    runs.merge(graph.name(), 1L, Long::sum);
    long before = clock.start();
    execute(graph, addresses);
    if (clock.isOn()) {
      clock.stop(
          before,
          "cudnn " + graph.name(),
          graph.stored().stream().mapToLong(GraphTensor::bytes).sum());
    }
  }

  /** By the plan, or by the next one where its engine fails only now. */
  private void execute(OperationGraph graph, Map<Long, Long> addresses) {
    CudnnException reason = null;
    while (true) {
      ExecutionPlan p = plan(graph);
      try (Tensor workspace =
          p.workspaceBytes() == 0 ? null : memory.empty(DType.U8, Shape.of(p.workspaceBytes()))) {
        for (int run = clock.runs(); run > 0; run--) {
          p.execute(handle, addresses, workspace == null ? 0 : workspace.address());
        }
        if (reason != null) {
          note(graph, p, reason);
        }
        return;
      } catch (CudnnException e) {
        if (!e.isOfEngine()) {
          throw e;
        }
        reason = reason == null ? e : reason;
        replace(graph, p, reason);
      }
    }
  }

  private void replace(OperationGraph graph, ExecutionPlan p, CudnnException reason) {
    Asked asked = new Asked(graph, rules);
    Set<Long> engines = failed.computeIfAbsent(asked, _ -> new HashSet<>());
    engines.add(p.engine());
    try {
      plans.put(asked, planner().planWithout(engines, graph, rules));
      retired.add(p);
    } catch (CudnnException none) {
      reason.addSuppressed(none);
      throw reason;
    }
  }

  /** Later processes begin with the engine that did it. */
  private void note(OperationGraph graph, ExecutionPlan p, CudnnException reason) {
    LOG.log(
        Level.WARNING,
        "cuDNN''s engines {0} fail at {1} on {2} ({3}): engine {4} computes it",
        failed.get(new Asked(graph, rules)),
        graph.name(),
        gpu.name,
        reason.getMessage(),
        Long.toString(p.engine()));
    kept(question(graph), p);
  }

  /** How often graphs of each name were run or recorded so far. */
  public Map<String, Long> runs() {
    return Map.copyOf(runs);
  }

  private void open() {
    if (cudnn != null) {
      return;
    }
    Cudnn c = library.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      Planner.check(c, c.cudnnCreate(out.address()), "cudnnCreate");
      handle = out.get(ValueLayout.JAVA_LONG, 0);
    }
    cudnn = c;
    Planner.check(c, c.cudnnSetStream(handle, gpu.stream), "cudnnSetStream");
  }

  @Override
  public void close() {
    plans.values().forEach(ExecutionPlan::close);
    plans.clear();
    retired.forEach(ExecutionPlan::close);
    retired.clear();
    if (cudnn != null) {
      Planner.check(cudnn, cudnn.cudnnDestroy(handle), "cudnnDestroy");
      cudnn = null;
    }
  }
}
