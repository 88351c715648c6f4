package engine.backend.sim.driver;

import engine.backend.sim.exec.Processor;
import engine.backend.sim.exec.SimOptions;
import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.function.Consumer;

/**
 * A GPU in software, with its driver: hand {@link #symbols} to {@link CudaDriver}. It stands for
 * one device of {@link SimOptions#architecture} with {@link DeviceModel#MULTIPROCESSORS}
 * multiprocessors, so that grids, and with them results, do not depend on this machine's cores.
 *
 * <p>Work happens when it is submitted: each call on a stream has finished when it returns, which
 * is one of the orders that CUDA allows. A fault therefore answers at the launch itself, and as in
 * CUDA every call after it.
 */
public final class SimDevice implements AutoCloseable {
  /** Global memory that it says it has, in MiB. */
  private static final int MEMORY = Integer.getInteger("engine.sim.memory", 8192);

  final Arena arena = Arena.ofShared();
  final DeviceModel model;
  final DeviceMemory memory;
  final Processor processor;
  final Errors errors = new Errors(arena);
  final ContextCalls context;
  final MemoryCalls memoryCalls;
  final ModuleCalls modules;
  final StreamCalls streams;
  private final SymbolLookup symbols;
  private final SimOptions options;

  public SimDevice(SimOptions options) {
    this(options, (long) MEMORY << 20);
  }

  /**
   * @param bytes of global memory
   */
  public SimDevice(SimOptions options, long bytes) {
    this.options = options;
    model = DeviceModel.of(options.architecture());
    memory = new DeviceMemory(bytes, Processor.scratchBytes(options.threads()));
    processor = new Processor(memory, options.threads());
    context = new ContextCalls(this);
    streams = new StreamCalls(this);
    memoryCalls = new MemoryCalls(this);
    modules = new ModuleCalls(this);
    symbols =
        Symbols.of(
            arena,
            CudaDriver.FUNCTIONS,
            errors.telling(streams.order()::called),
            List.of(
                errors,
                context,
                memoryCalls,
                modules,
                new LaunchCalls(this),
                streams,
                new GraphCalls(this)));
  }

  /** The driver's functions, all of {@link CudaDriver#FUNCTIONS}. */
  public SymbolLookup symbols() {
    return symbols;
  }

  // ---- for the libraries on top of the driver ----

  /** Device memory. */
  public DeviceMemory memory() {
    return memory;
  }

  /** Alive as long as the device. */
  public Arena arena() {
    return arena;
  }

  /** Its compute capability, such as 86 for 8.6. */
  public int architecture() {
    return model.capability();
  }

  /** What stands around the driver's own calls. */
  public Guard guard() {
    return errors;
  }

  /** Runs work in a stream's order, or notes it in the graph that the stream is captured to. */
  public void submit(long stream, Work work) {
    streams.submit(stream, work);
  }

  /** Throws if no context is current, or a fault has broken it. */
  public void requireContext() {
    if (errors.broken() != 0) {
      throw new CudaError(errors.broken(), errors.lastReport());
    }
    context.requireCurrent();
  }

  /** The report of the last call that failed; null if none did. */
  public String lastReport() {
    return errors.lastReport();
  }

  /** Allocations that nobody has freed, in the order they were made. */
  public List<Allocation> leaks() {
    return memory.live().stream().filter(a -> a.what().startsWith("cuMem")).toList();
  }

  /**
   * Told of the driver's calls by their names, and of the work they make as {@code stream N: WHAT},
   * in the order in which they come.
   */
  public void onCall(Consumer<String> listener) {
    streams.order().tell(listener);
  }

  /** Whether races of streams are looked for: where those of blocks are. */
  boolean looksForRaces() {
    return options.races() == SimOptions.Races.ALL;
  }

  SimOptions options() {
    return options;
  }

  @Override
  public void close() {
    processor.close();
    memory.close();
    arena.close();
  }
}
