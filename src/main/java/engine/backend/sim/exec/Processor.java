package engine.backend.sim.exec;

import engine.backend.sim.memory.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs launches, one after the other, each on several CPU threads. Results do not depend on how
 * many: blocks are independent, and where their order shows they run in order on one thread.
 */
public final class Processor implements AutoCloseable {
  private final DeviceMemory memory;
  private final List<Worker> workers = new ArrayList<>();
  private final CrossBlockRaces crossBlock = new CrossBlockRaces();
  private final ExecutorService threads;
  private int launches;

  /**
   * @param memory with {@link #scratchBytes} of scratch
   */
  public Processor(DeviceMemory memory, int threads) {
    this.memory = memory;
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(memory, i, crossBlock));
    }
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            work -> {
              Thread t = new Thread(work, "software GPU");
              t.setDaemon(true);
              return t;
            });
  }

  /** What a memory needs for that many CPU threads. */
  public static long scratchBytes(int threads) {
    return threads * Worker.SCRATCH;
  }

  /**
   * Runs a kernel from start to end.
   *
   * @param parameters the parameter block, laid out by {@link CompiledKernel#parameterOffsets}
   * @throws KernelFault of the first block that failed
   */
  public LaunchResult launch(
      CompiledKernel kernel,
      Dim grid,
      Dim block,
      int dynamicShared,
      byte[] parameters,
      SimOptions options) {
    return launch(kernel, grid, block, dynamicShared, parameters, options, null);
  }

  /**
   * The same, with an eye on one warp; all blocks then run in order on one thread.
   *
   * @param trace null for none
   */
  public LaunchResult launch(
      CompiledKernel kernel,
      Dim gridSize,
      Dim blockSize,
      int dynamicShared,
      byte[] parameters,
      SimOptions options,
      WarpTrace trace) {
    Grid grid =
        new Grid(
            kernel, gridSize, blockSize, dynamicShared, parameters, memory, options, launches++);
    crossBlock.launchStarts(grid);
    boolean alone = kernel.orderShows() || trace != null;
    int wanted = (int) Math.min(gridSize.count(), Math.min(options.threads(), workers.size()));
    int cpus = alone ? 1 : wanted;
    List<Counters> counters = new ArrayList<>();
    for (int i = 0; i < cpus; i++) {
      counters.add(new Counters(kernel.steps(), trace));
    }
    List<Future<?>> helpers = new ArrayList<>();
    for (int i = 1; i < cpus; i++) {
      Worker worker = workers.get(i);
      Counters own = counters.get(i);
      helpers.add(threads.submit(() -> grid.work(worker, own)));
    }
    try {
      grid.work(workers.getFirst(), counters.getFirst());
    } finally {
      helpers.forEach(Processor::await);
    }
    if (grid.fault() != null) {
      throw grid.fault();
    }
    Counters sum = counters.getFirst();
    counters.subList(1, cpus).forEach(sum::add);
    return new LaunchResult(kernel, gridSize, blockSize, grid.sharedBytes(), sum);
  }

  private static void await(Future<?> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the kernel must end before its memory goes away
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("the software GPU failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
