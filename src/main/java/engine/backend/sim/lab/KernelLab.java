package engine.backend.sim.lab;

import com.sun.management.OperatingSystemMXBean;
import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.KernelRun;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.Size3;
import engine.backend.sim.driver.LoadedModule;
import engine.backend.sim.driver.SimDevice;
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
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Runs one launch, an instruction a step, with all checks and counters on; and says how fast the
 * software GPU is without them.
 */
public final class KernelLab implements KernelSimulator {
  private static final long GLOBAL_BYTES = 256L << 20;
  private static final int TRACED_STEPS = 4000;

  /** A sample that jumps back more often than this hangs. */
  private static final long JUMPS = 100_000;

  private static final OperatingSystemMXBean CPU =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int ROUNDS = 30;
  private static final int CALLS = 20_000;

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

  @Override
  public Speed speed(String ptx, KernelLaunch launch, String races, int threads, double seconds) {
    SimOptions options =
        SimOptions.standard().withThreads(threads).withRaces(SimOptions.Races.of(races));
    try (DeviceMemory memory = new DeviceMemory(GLOBAL_BYTES, Processor.scratchBytes(threads));
        Processor processor = new Processor(memory, threads);
        LoadedModule module = new LoadedModule(PtxParser.parse(ptx), memory)) {
      CompiledKernel kernel = module.compile(launch.kernel(), false);
      byte[] parameters = new ParameterBlock(kernel, memory).of(launch);
      LongSupplier once =
          () ->
              processor
                  .launch(kernel, dim(launch.grid()), dim(launch.block()), 0, parameters, options)
                  .threadInstructions();
      repeat(once, seconds / 2); // until it is compiled to machine code
      long cpu = CPU.getProcessCpuTime();
      long start = System.nanoTime();
      double done = repeat(once, seconds / 2);
      double elapsed = System.nanoTime() - start;
      return new Speed(done * 1e9 / elapsed, done * 1e9 / (CPU.getProcessCpuTime() - cpu));
    }
  }

  /** What {@code work} gave in total. */
  private static double repeat(LongSupplier work, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    double sum = 0;
    do {
      sum += work.getAsLong();
    } while (System.nanoTime() < end);
    return sum;
  }

  @Override
  public double callNanos() {
    try (SimDevice device = new SimDevice(SimOptions.standard());
        Arena arena = Arena.ofConfined()) {
      CudaDriver driver = new CudaDriver(device.symbols());
      long out = arena.allocate(8, 8).address();
      double best = Double.POSITIVE_INFINITY;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
          if (driver.cuDriverGetVersion(out) != CudaDriver.CUDA_SUCCESS) {
            throw new IllegalStateException(device.lastReport());
          }
        }
        best = Math.min(best, (double) (System.nanoTime() - start) / CALLS);
      }
      return best;
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
