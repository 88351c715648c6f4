package engine.backend.sim.lab;

import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.KernelRun;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.Size3;
import engine.backend.sim.driver.LoadedModule;
import engine.backend.sim.exec.CompiledKernel;
import engine.backend.sim.exec.Dim;
import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.exec.LaunchResult;
import engine.backend.sim.exec.Processor;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.exec.WarpTrace;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.PtxParser;
import java.util.List;

/** Runs one launch, an instruction a step, with all checks and counters on. */
public final class KernelLab implements KernelSimulator {
  private static final long GLOBAL_BYTES = 256L << 20;
  private static final int TRACED_STEPS = 4000;

  /** A sample that jumps back more often than this hangs. */
  private static final long JUMPS = 100_000;

  @Override
  public KernelRun run(String ptx, KernelLaunch launch, int tracedWarp) {
    SimOptions options = SimOptions.standard().withCoalescing(true).withStepsPerBlock(JUMPS);
    long scratch = Processor.scratchBytes(options.threads());
    try (DeviceMemory memory = new DeviceMemory(GLOBAL_BYTES, scratch);
        Processor processor = new Processor(memory, options.threads());
        LoadedModule module = new LoadedModule(PtxParser.parse(ptx), memory)) {
      CompiledKernel kernel = module.compile(launch.kernel(), true);
      byte[] parameters = new ParameterBlock(kernel, memory).of(launch);
      WarpTrace trace =
          tracedWarp == NO_TRACE ? null : new WarpTrace(kernel, tracedWarp, TRACED_STEPS);
      try {
        LaunchResult result =
            processor.launch(
                kernel, dim(launch.grid()), dim(launch.block()), 0, parameters, options, trace);
        return run(null, result.instructions(), result.barriers(), kernel, trace);
      } catch (KernelFault f) {
        return run(f.getMessage(), uncounted(kernel), 0, kernel, trace);
      }
    }
  }

  private static KernelRun run(
      String fault,
      List<InstructionCounts> counts,
      long barriers,
      CompiledKernel kernel,
      WarpTrace trace) {
    return new KernelRun(
        fault,
        counts,
        barriers,
        kernel.sharedBytes(),
        trace == null ? List.of() : trace.steps(),
        trace == null ? 0 : trace.cut());
  }

  private static List<InstructionCounts> uncounted(CompiledKernel kernel) {
    return kernel.ptx().body().stream().map(KernelLab::uncounted).toList();
  }

  private static InstructionCounts uncounted(Instruction i) {
    String file = i.source().fileName();
    int line = i.source().line();
    return new InstructionCounts(
        i.toString(), i.opcode(), i.ptxLine(), file, line, 0, 0, 0, 0, 0, 0);
  }

  private static Dim dim(Size3 s) {
    return new Dim(s.x(), s.y(), s.z());
  }
}
