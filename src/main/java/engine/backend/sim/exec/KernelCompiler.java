package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;
import engine.backend.sim.ptx.PtxKernel;
import engine.backend.sim.ptx.SourceLine;
import engine.backend.sim.ptx.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.ToLongFunction;

/**
 * Turns a kernel into steps: lane work between two leaders or other instructions becomes one
 * compiled segment, every other instruction a step of its own.
 */
public final class KernelCompiler {
  private final PtxKernel kernel;
  private final ControlFlow flow;
  private final Liveness liveness;
  private final Registers registers = new Registers();
  private final Map<String, Long> symbols = new LinkedHashMap<>();
  private final ToLongFunction<String> moduleAddresses;
  private final boolean oneByOne;
  private final List<Step> steps = new ArrayList<>();

  /** The step of each instruction that begins one. */
  private final int[] stepOf;

  private int sharedBytes;
  private int sharedAlign = 16;
  private int localBytes;

  private KernelCompiler(
      PtxKernel kernel, ToLongFunction<String> moduleAddresses, boolean oneByOne) {
    this.kernel = kernel;
    this.moduleAddresses = moduleAddresses;
    this.oneByOne = oneByOne;
    flow = new ControlFlow(kernel);
    liveness = new Liveness(kernel.body(), flow);
    stepOf = new int[kernel.body().size() + 1];
    Arrays.fill(stepOf, -1);
  }

  /**
   * @param moduleVariables of the module: dynamic shared memory is one of them
   * @param moduleAddresses device addresses of the module's global and constant variables
   * @param oneByOne one step an instruction, with every register kept: for tracing
   * @throws PtxException naming the line of an instruction that is not implemented
   */
  public static CompiledKernel compile(
      PtxKernel kernel,
      List<Variable> moduleVariables,
      ToLongFunction<String> moduleAddresses,
      boolean oneByOne) {
    return new KernelCompiler(kernel, moduleAddresses, oneByOne).compile(moduleVariables);
  }

  private CompiledKernel compile(List<Variable> moduleVariables) {
    kernel.variables().forEach(this::place);
    moduleVariables.stream()
        .filter(v -> v.space().equals("shared") && v.bytes() > 0)
        .forEach(this::place);
    for (Variable v : moduleVariables) {
      if (v.space().equals("shared") && v.bytes() == 0) {
        sharedAlign = Math.max(sharedAlign, v.align());
      }
    }
    sharedBytes = align(sharedBytes, sharedAlign);
    for (Variable v : moduleVariables) {
      if (v.space().equals("shared") && v.bytes() == 0) {
        symbols.put(v.name(), (long) sharedBytes);
      }
    }
    Map<String, Integer> parameters = new LinkedHashMap<>();
    int parameterBytes = 0;
    for (Variable v : kernel.parameters()) {
      parameterBytes = align(parameterBytes, v.align());
      parameters.put(v.name(), parameterBytes);
      symbols.put(v.name(), (long) parameterBytes);
      parameterBytes += (int) v.bytes();
    }
    SegmentCompiler segments = new SegmentCompiler(registers, this::address);
    layOut();
    for (int b = 0; b < flow.blocks().size(); b++) {
      block(b, segments);
    }
    steps.add(end());
    for (int s = 0; s < steps.size() - 1; s++) {
      steps.get(s).next = s + 1;
    }
    Segments code = segments.compile();
    steps.stream()
        .filter(s -> s instanceof SegmentStep)
        .forEach(s -> ((SegmentStep) s).code = code);
    List<Instruction> body = kernel.body();
    boolean atomics = body.stream().anyMatch(i -> i.mnemonic().equals("atom"));
    boolean fences =
        body.stream().anyMatch(i -> i.mnemonic().equals("fence") || i.mnemonic().equals("membar"));
    return new CompiledKernel(
        kernel,
        steps.toArray(Step[]::new),
        registers,
        parameters,
        parameterBytes,
        sharedBytes,
        sharedAlign,
        localBytes,
        WrittenParameters.of(kernel),
        body.stream().anyMatch(i -> isAtomic(i) && AtomicStep.orderShows(i)),
        atomics && fences,
        granule(body),
        liveness.pressure());
  }

  private static boolean isAtomic(Instruction i) {
    return i.mnemonic().equals("atom") || i.mnemonic().equals("red");
  }

  private static int granule(List<Instruction> body) {
    return body.stream()
        .filter(i -> List.of("ld", "st", "atom", "red").contains(i.mnemonic()) && !i.has("param"))
        .mapToInt(i -> i.type().bytes())
        .filter(b -> b > 0 && b < 4)
        .min()
        .orElse(4);
  }

  private void place(Variable v) {
    if (v.space().equals("shared")) {
      sharedBytes = align(sharedBytes, v.align());
      symbols.put(v.name(), (long) sharedBytes);
      sharedBytes += (int) v.bytes();
    } else {
      localBytes = align(localBytes, v.align());
      symbols.put(v.name(), (long) localBytes);
      localBytes += (int) v.bytes();
    }
  }

  private static int align(int n, int to) {
    return (n + to - 1) / to * to;
  }

  private long address(String symbol) {
    Long own = symbols.get(symbol);
    return own != null ? own : moduleAddresses.applyAsLong(symbol);
  }

  // ---- steps ----

  /** Where a segment may not reach over: a change of block, or of kind of work. */
  private boolean segmentEnds(int first, int at, int blockEnd) {
    return at == blockEnd
        || !LaneCode.isLaneWork(kernel.body().get(at))
        || at - first == (oneByOne ? 1 : SegmentCompiler.LONGEST);
  }

  /** Numbers the steps first, since jumps point forward. */
  private void layOut() {
    int count = 0;
    for (ControlFlow.Block b : flow.blocks()) {
      for (int i = b.first(); i < b.end(); ) {
        stepOf[i] = count++;
        i = endOfStep(i, b.end());
      }
    }
    stepOf[kernel.body().size()] = count;
  }

  private int endOfStep(int first, int blockEnd) {
    if (!LaneCode.isLaneWork(kernel.body().get(first))) {
      return first + 1;
    }
    int at = first + 1;
    while (!segmentEnds(first, at, blockEnd)) {
      at++;
    }
    return at;
  }

  private void block(int number, SegmentCompiler segments) {
    ControlFlow.Block b = flow.blocks().get(number);
    for (int i = b.first(); i < b.end(); ) {
      Instruction instruction = kernel.body().get(i);
      int end = endOfStep(i, b.end());
      if (LaneCode.isLaneWork(instruction)) {
        List<Instruction> run = kernel.body().subList(i, end);
        int segment = segments.add(run, kept(run, end - 1));
        steps.add(new SegmentStep(i, run, segment, registers));
      } else {
        steps.add(step(i, instruction, number));
      }
      i = end;
    }
  }

  private Set<Operand.Register> kept(List<Instruction> run, int last) {
    if (!oneByOne) {
      return liveness.after(last);
    }
    Set<Operand.Register> all = new HashSet<>();
    run.forEach(i -> all.addAll(Effects.writes(i)));
    return all;
  }

  private Step step(int site, Instruction i, int block) {
    IntUnaryOperator stepAt = at -> at == ControlFlow.END ? Warp.NOWHERE : stepOf[at];
    int join = stepAt.applyAsInt(flow.reconvergence(block));
    return switch (i.mnemonic()) {
      case "ld", "ldu" -> new LoadStep(site, i, registers, this::address);
      case "st" -> new StoreStep(site, i, registers, this::address);
      case "atom", "red" -> new AtomicStep(site, i, registers, this::address);
      case "bra" ->
          new ControlSteps.Branch(
              site, i, registers, stepOf[flow.target(i.operands().getFirst(), i.ptxLine())], join);
      case "brx" ->
          new ControlSteps.Table(
              site, i, registers, flow.table(i).stream().mapToInt(t -> stepOf[t]).toArray(), join);
      case "ret", "exit" -> new ControlSteps.End(site, i, registers);
      case "trap" -> new ControlSteps.Trap(site, i, registers);
      case "bar", "barrier" -> barrier(site, i);
      case "shfl" -> new WarpSteps.Shuffle(site, i, registers);
      case "vote", "activemask" -> new WarpSteps.Vote(site, i, registers);
      case "redux" -> new WarpSteps.Reduce(site, i, registers);
      case "membar", "fence", "nanosleep", "prefetch", "prefetchu", "discard", "pmevent" ->
          new ControlSteps.Nothing(site, i, registers);
      default ->
          throw new PtxException(
              i.ptxLine(), i.opcode() + " is not implemented by the software GPU");
    };
  }

  private Step barrier(int site, Instruction i) {
    if (i.has("warp")) {
      return new WarpSteps.Sync(site, i, registers);
    }
    if (i.has("arrive")) {
      throw new PtxException(i.ptxLine(), i.opcode() + " is not implemented by the software GPU");
    }
    return new BarrierStep(site, i, registers);
  }

  /** A kernel's closing brace ends the threads that reach it. */
  private Step end() {
    int line = kernel.body().isEmpty() ? 0 : kernel.body().getLast().ptxLine();
    Instruction ret = new Instruction(null, false, "ret", List.of(), line, SourceLine.UNKNOWN);
    return new ControlSteps.End(kernel.body().size(), ret, registers);
  }
}
