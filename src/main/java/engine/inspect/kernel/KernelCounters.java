package engine.inspect.kernel;

import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelRun;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A run's counts, summed up: all of them simulated.
 *
 * @param warpInstructions instructions that warps issued
 * @param threadInstructions the same times the lanes that were active
 * @param branches issued
 * @param diverged branches that parted a warp's lanes
 * @param mix issued instructions by kind
 */
record KernelCounters(
    long warpInstructions,
    long threadInstructions,
    long branches,
    long diverged,
    long barriers,
    Traffic globalLoads,
    Traffic globalStores,
    Traffic atomics,
    Traffic shared,
    Map<InstructionKind, Long> mix) {

  static KernelCounters of(KernelRun run) {
    Map<InstructionKind, Long> mix = new EnumMap<>(InstructionKind.class);
    long warps = 0;
    long threads = 0;
    long branches = 0;
    long diverged = 0;
    for (InstructionCounts i : run.instructions()) {
      warps += i.issued();
      threads += i.lanes();
      diverged += i.diverged();
      branches += i.opcode().startsWith("bra") ? i.issued() : 0;
      if (i.issued() > 0) {
        mix.merge(InstructionKind.of(i.opcode()), i.issued(), Long::sum);
      }
    }
    return new KernelCounters(
        warps,
        threads,
        branches,
        diverged,
        run.barriers(),
        traffic(run, i -> is(i, InstructionKind.GLOBAL) && !i.opcode().startsWith("st")),
        traffic(run, i -> is(i, InstructionKind.GLOBAL) && i.opcode().startsWith("st")),
        traffic(run, i -> is(i, InstructionKind.ATOMIC)),
        traffic(run, i -> is(i, InstructionKind.SHARED)),
        mix);
  }

  private static boolean is(InstructionCounts i, InstructionKind kind) {
    return InstructionKind.of(i.opcode()) == kind;
  }

  private static Traffic traffic(KernelRun run, Predicate<InstructionCounts> of) {
    return run.instructions().stream()
        .filter(of)
        .map(i -> new Traffic(i.requests(), i.parts(), i.requests() * wavefronts(i), i.bytes()))
        .reduce(Traffic.NONE, Traffic::plus);
  }

  /** A warp's vector access takes as many wavefronts as a lane's part has words. */
  private static int wavefronts(InstructionCounts i) {
    List<String> parts = List.of(i.opcode().split("\\."));
    int elements = parts.contains("v4") ? 4 : parts.contains("v2") ? 2 : 1;
    return parts.getLast().endsWith("64") ? 2 * elements : elements;
  }

  /** Lanes active in an instruction, on average; at most 32. */
  double activeLanes() {
    return warpInstructions == 0 ? 0 : (double) threadInstructions / warpInstructions;
  }

  /** Bytes that global memory and the caches before it move, in whole sectors. */
  long bytesMoved() {
    return Traffic.SECTOR * (globalLoads.parts() + globalStores.parts() + atomics.parts());
  }

  /** Sectors a request, over loads, stores and atomics. */
  double sectorsEach() {
    return globalLoads.plus(globalStores).plus(atomics).partsEach();
  }
}
