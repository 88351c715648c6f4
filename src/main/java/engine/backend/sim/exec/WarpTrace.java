package engine.backend.sim.exec;

import engine.backend.kernels.TracedStep;
import engine.backend.kernels.TracedStep.Reading;
import engine.backend.kernels.TracedStep.Written;
import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The steps of one warp, each with the registers that it changed. The kernel must be compiled one
 * step an instruction: in a longer segment values come and go unseen.
 */
public final class WarpTrace implements Tracer {
  private final CompiledKernel kernel;
  private final int warp;
  private final int limit;
  private final List<TracedStep> steps = new ArrayList<>();

  /** What a register held last, where its own type does not say. */
  private final Map<String, Reading> readings = new HashMap<>();

  private long cut;

  /**
   * @param warp counted through all blocks, from 0
   * @param limit how many steps are kept
   */
  public WarpTrace(CompiledKernel kernel, int warp, int limit) {
    this.kernel = kernel;
    this.warp = warp;
    this.limit = limit;
  }

  public List<TracedStep> steps() {
    return List.copyOf(steps);
  }

  /** Steps that came after the limit. */
  public long cut() {
    return cut;
  }

  @Override
  public int step(Warp w, Step step) {
    long warpsOfBlock = (w.block.grid().blockSize().count() + Warp.LANES - 1) / Warp.LANES;
    boolean closingBrace = step.site >= kernel.ptx().body().size();
    if (w.block.number() * warpsOfBlock + w.number != warp || closingBrace) {
      return step.run(w);
    }
    if (steps.size() >= limit) {
      cut++;
      return step.run(w);
    }
    int active = w.active;
    int lanes = step.mask(w);
    try {
      int next = step.run(w);
      steps.add(
          new TracedStep(
              step.site, active, written(w, step.instruction), note(w, step, active, lanes, next)));
      return next;
    } catch (KernelFault f) {
      steps.add(new TracedStep(step.site, active, List.of(), "stops the kernel"));
      throw f;
    }
  }

  // ---- values ----

  private List<Written> written(Warp w, Instruction i) {
    List<Written> all = new ArrayList<>();
    for (Operand.Register r : Effects.writes(i)) {
      long[] bits = bits(w, kernel.registers().of(r));
      Reading reading = reading(i, r, bits);
      readings.put(r.name(), reading);
      all.add(new Written(r.name(), reading, bits));
    }
    return all;
  }

  private static long[] bits(Warp w, Slot s) {
    long[] bits = new long[Warp.LANES];
    for (int lane = 0; lane < Warp.LANES; lane++) {
      int at = Warp.LANES * s.number() + lane;
      bits[lane] =
          switch (s.file()) {
            case NARROW -> w.r[at];
            case WIDE -> w.d[at];
            case PREDICATE -> w.p[s.number()] >>> lane & 1;
          };
    }
    return bits;
  }

  /** By the type of the instruction's result; what only moves bits passes its source's on. */
  private Reading reading(Instruction i, Operand.Register r, long[] bits) {
    if (r.type() == PtxType.PRED) {
      return Reading.PREDICATE;
    }
    PtxType type =
        i.modifiers().stream().map(PtxType::of).filter(Objects::nonNull).findFirst().orElse(null);
    if (type == PtxType.F32) {
      return Reading.FLOAT;
    }
    if (type == PtxType.F64) {
      return Reading.DOUBLE;
    }
    if (type == PtxType.F16) {
      return Reading.HALF;
    }
    boolean wide = kernel.registers().of(r).file() == File.WIDE;
    if (wide && isAddress(bits[0])) {
      return Reading.ADDRESS;
    }
    if (type != null && type.kind() == PtxType.Kind.BITS && movesBits(i)) {
      return source(i);
    }
    return Reading.INTEGER;
  }

  private static boolean movesBits(Instruction i) {
    return switch (i.mnemonic()) {
      case "mov", "selp", "shfl" -> true;
      default -> false;
    };
  }

  private Reading source(Instruction i) {
    return switch (i.operands().get(1)) {
      case Operand.Register from -> readings.getOrDefault(from.name(), Reading.INTEGER);
      case Operand.Immediate c when c.floating() == PtxType.F32 -> Reading.FLOAT;
      case Operand.Immediate c when c.floating() == PtxType.F64 -> Reading.DOUBLE;
      default -> Reading.INTEGER;
    };
  }

  private static boolean isAddress(long bits) {
    return bits >= DeviceMemory.BASE && bits < 2 * DeviceMemory.BASE;
  }

  // ---- what else happened ----

  private static String note(Warp w, Step step, int active, int lanes, int next) {
    int all = Integer.bitCount(active);
    int taking = Integer.bitCount(lanes);
    return switch (step) {
      case AccessStep a when lanes != 0 -> access(w, a, lanes);
      case ControlSteps.Branch _ when taking == 0 -> "no lane jumps";
      case ControlSteps.Branch _ when taking == all -> "all jump";
      case ControlSteps.Branch _ ->
          "the warp parts: %d of %d lanes jump, the others wait".formatted(taking, all);
      case ControlSteps.End _ when next == Step.DONE -> "the warp ends";
      case ControlSteps.End _ when taking > 0 -> "%d lanes end".formatted(taking);
      case BarrierStep _ -> "waits for the block";
      default -> taking < all ? "%d of %d lanes".formatted(taking, all) : "";
    };
  }

  private static String access(Warp w, AccessStep a, int lanes) {
    boolean shared = w.at[Warp.first(lanes)] >= w.block.memory().scratch();
    int parts = Coalescing.parts(a, w, lanes);
    return "%s %d x %d bytes from %s on: %d %s%s"
        .formatted(
            a.verb(),
            Integer.bitCount(lanes),
            a.bytes,
            w.block.place(a, w.at[Warp.first(lanes)]),
            parts,
            shared ? "wavefront" : "sector",
            parts == 1 ? "" : "s");
  }
}
