package engine.backend.cuda.plans;

import engine.backend.PlanChecker;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.GpuDescriptions;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.dnn.Planner;
import engine.backend.cuda.libraries.CudnnParts;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.StandInDriver;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.backend.cuda.plans.LayerGraphs.Wish;
import engine.base.UserError;
import engine.ffi.Cudnn;
import engine.ffi.NativeLibraries;
import engine.ffi.UncheckedNativeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** {@link LayerGraphs}, planned by the real cuDNN for a GPU that is described. */
public final class CudnnPlanChecker implements PlanChecker {
  /** Compiling an engine's kernel takes a deeper stack than Java's threads have. */
  private static final long STACK_BYTES = 16L << 20;

  private final LibraryFinder finder;
  private Cudnn cudnn;
  private String driver;
  private String noDriver;

  /** For this machine. */
  public CudnnPlanChecker() {
    this(new LibraryFinder());
  }

  CudnnPlanChecker(LibraryFinder finder) {
    this.finder = finder;
  }

  @Override
  public List<String> gpus() {
    return GpuDescriptions.names();
  }

  @Override
  public String library() {
    return "cuDNN %s with %s".formatted(VendorLibraries.dotted(open().cudnnGetVersion()), driver);
  }

  @Override
  public List<Finding> check(String gpu, List<Layer> layers, int threads) {
    Planner planner = Planner.forDescribedDevice(open(), GpuDescriptions.json(gpu));
    Map<Wish, String> firstLayers = new LinkedHashMap<>();
    for (Layer layer : layers) {
      LayerGraphs.of(layer).forEach(w -> firstLayers.putIfAbsent(w, layer.layer()));
    }
    ThreadFactory deep = task -> new Thread(null, task, "planner", STACK_BYTES);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads, deep)) {
      List<Future<Finding>> pending = new ArrayList<>();
      firstLayers.forEach((w, layer) -> pending.add(pool.submit(() -> finding(planner, layer, w))));
      List<Finding> out = new ArrayList<>();
      for (Future<Finding> f : pending) {
        out.add(f.get());
      }
      return out;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("planning was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("planning for " + gpu + " failed", e.getCause());
    }
  }

  private static Finding finding(Planner planner, String layer, Wish wish) {
    String name = wish.same().getFirst().name();
    String refusal = null;
    for (OperationGraph graph : wish.same()) {
      try (ExecutionPlan p = planner.plan(graph, CudnnPlans.rules(false))) {
        int engines = p.offered();
        return new Finding(
            layer, name, graph.name(), wish.form(), engines, p.workspaceBytes(), null, null);
      } catch (CudnnException e) {
        refusal = e.getMessage();
      }
    }
    return new Finding(layer, name, null, wish.form(), 0, 0, refusal, wish.instead());
  }

  /** Which driver cuDNN finds. */
  private String driver() {
    Path real = finder.find(LibraryFinder.Library.DRIVER).path();
    if (real != null) {
      NativeLibraries.open(real);
      return "the driver of this machine";
    }
    noDriver = StandInDriver.load();
    return noDriver == null
        ? "a stand-in for the driver"
        : "no driver, and so no engines that are compiled at run time (" + noDriver + ")";
  }

  /**
   * cuDNN names no cause where one of its parts does not load; this does, before it is asked.
   *
   * @throws UserError if a part is linked to a driver that is neither here nor stood in for
   */
  private void loadPartsThatLinkToTheDriver(long version) {
    Path library = finder.require(LibraryFinder.Library.CUDNN);
    for (Path part : CudnnParts.linkedToTheDriver(library)) {
      if (noDriver == null) {
        try {
          NativeLibraries.open(part);
          continue;
        } catch (UncheckedNativeException e) {
          // said below
        }
      }
      throw new UserError(
          "%s of cuDNN %s is linked to the CUDA driver (libcuda.so.1), which is not here, and %s: %s"
              .formatted(
                  part.getFileName(),
                  VendorLibraries.dotted(version),
                  noDriver == null
                      ? "it wants more of it than the stand-in for planning has"
                      : "no stand-in could be made (" + noDriver + ")",
                  noDriver == null
                      ? "take the cuDNN of bench/gpu/vendor-libs, which was tried"
                      : "install a C compiler (Debian, Ubuntu: apt install gcc), or take the cuDNN of"
                          + " bench/gpu/vendor-libs, which needs none"));
    }
  }

  /**
   * The library, loaded once.
   *
   * @throws UserError with the reason, where it cannot be had or is too old
   */
  public Cudnn open() {
    if (cudnn != null) {
      return cudnn;
    }
    driver = driver();
    try {
      Cudnn loaded = VendorLibraries.cudnn(finder);
      long version = loaded.cudnnGetVersion();
      if (version < CudnnParts.PLANS_FOR_ABSENT_GPUS) {
        throw new UserError(
            "this cuDNN is older than 9.8, the first that plans for a GPU that is not here:"
                + " run bench/gpu/vendor-libs, or pip install nvidia-cudnn-cu13");
      }
      loadPartsThatLinkToTheDriver(version);
      cudnn = loaded;
      return loaded;
    } catch (UncheckedNativeException e) {
      throw new UserError(e.getMessage());
    }
  }
}
