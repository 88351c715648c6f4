package engine.backend.cuda;

import engine.backend.Backend;
import engine.backend.Convolutions;
import engine.backend.Elementwise;
import engine.backend.HalfPrecision;
import engine.backend.Int8Networks;
import engine.backend.KernelTime;
import engine.backend.LayerNorms;
import engine.backend.Linears;
import engine.backend.Losses;
import engine.backend.Memory;
import engine.backend.Normalizations;
import engine.backend.Optimizers;
import engine.backend.PictureFeed;
import engine.backend.Pools;
import engine.backend.Quantizers;
import engine.backend.Recording;
import engine.backend.Reductions;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.driver.KernelClock;
import engine.backend.cuda.driver.Kernels;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.int8.CudaInt8Networks;
import engine.backend.cuda.int8.Int8Device;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.CudaPictureFeed;
import engine.backend.cuda.memory.DevicePool;
import engine.backend.cuda.memory.PinnedBuffers;
import engine.backend.cuda.ops.CublasProducts;
import engine.backend.cuda.ops.CudaConvolutions;
import engine.backend.cuda.ops.CudaElementwise;
import engine.backend.cuda.ops.CudaLayerNorms;
import engine.backend.cuda.ops.CudaLinears;
import engine.backend.cuda.ops.CudaLosses;
import engine.backend.cuda.ops.CudaNormalizations;
import engine.backend.cuda.ops.CudaOptimizers;
import engine.backend.cuda.ops.CudaPools;
import engine.backend.cuda.ops.CudaQuantizers;
import engine.backend.cuda.ops.CudaReductions;
import engine.backend.cuda.plans.CudaRecording;
import engine.backend.cuda.plans.CudnnPlans;
import engine.picture.Normalization;
import engine.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An NVIDIA GPU as a device, or whatever answers to its driver's calls. */
public final class CudaBackend implements Backend {
  /** The first architecture whose tensor cores take bf16 and TF32. */
  private static final int AMPERE = 80;

  private final String name;
  private final Gpu gpu;
  private final DevicePool pool;
  private final PinnedBuffers pinned;
  private final Kernels kernels;
  private final KernelClock clock;
  private final Launcher launcher;
  private final CudaMemory memory;
  private final Elementwise elementwise;
  private final Reductions reductions;
  private final Losses losses;
  private final Optimizers optimizers;
  private final Pools pools;
  private final Normalizations normalizations;
  private final LayerNorms layerNorms;
  private final Quantizers quantizers;
  private final CudnnPlans plans;
  private final CublasProducts products;
  private final Convolutions convolutions;
  private final Linears linears;
  private final Int8Networks int8Networks;
  private final Runnable afterClose;

  /**
   * @param index which GPU, from 0
   * @param name the device's name on the command line
   * @param exactPool whether each tensor is an allocation of its own
   * @param planFiles where cuDNN's plans are kept
   * @param afterClose ends the driver, where that is the backend's business
   */
  private CudaBackend(
      CudaLibraries libraries,
      int index,
      String name,
      boolean exactPool,
      PlanFiles planFiles,
      Runnable afterClose) {
    this.name = name;
    this.afterClose = afterClose;
    gpu = new Gpu(libraries.driver(), index);
    pool = new DevicePool(gpu, exactPool);
    pinned = new PinnedBuffers(gpu);
    kernels = new Kernels(gpu);
    clock = new KernelClock(gpu, name.startsWith("cuda") ? KernelClock.BATCH : 1);
    launcher = new Launcher(gpu, kernels, clock);
    memory = new CudaMemory(gpu, pool, pinned, launcher);
    CudaReductions r = new CudaReductions(memory, launcher);
    reductions = r;
    elementwise = new CudaElementwise(memory, launcher, r);
    losses = new CudaLosses(memory, launcher);
    optimizers = new CudaOptimizers(memory, launcher);
    pools = new CudaPools(memory, launcher);
    normalizations = new CudaNormalizations(memory, launcher);
    layerNorms = new CudaLayerNorms(memory, launcher, r);
    quantizers = new CudaQuantizers(memory, launcher);
    plans = new CudnnPlans(gpu, memory, clock, libraries.cudnn(), planFiles);
    products = new CublasProducts(gpu, memory, clock, libraries.cublasLt());
    convolutions = new CudaConvolutions(memory, elementwise, r, normalizations, plans);
    linears = new CudaLinears(memory, r, products);
    int8Networks =
        new CudaInt8Networks(new Int8Device(this, gpu, memory, launcher, plans, products));
  }

  /** Opens a GPU; see the constructor. */
  public static CudaBackend open(
      CudaLibraries libraries,
      int index,
      String name,
      boolean exactPool,
      PlanFiles planFiles,
      Runnable afterClose) {
    return new CudaBackend(libraries, index, name, exactPool, planFiles, afterClose);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "%s, sm_%d, %d multiprocessors, %,d MiB"
        .formatted(gpu.name, gpu.architecture, gpu.multiprocessors, gpu.totalBytes >> 20);
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public HalfPrecision halfPrecision() {
    return new HalfPrecision(
        DType.F16,
        Map.of(),
        gpu.architecture >= AMPERE
            ? Map.of()
            : Map.of(DType.BF16, gpu.name + " is older than Ampere and has no bf16 instructions"));
  }

  @Override
  public String whyNoTf32() {
    return gpu.architecture >= AMPERE
        ? null
        : gpu.name + " is older than Ampere, whose tensor cores were the first with TF32";
  }

  @Override
  public void roundToTf32(boolean on) {
    if (on && whyNoTf32() != null) {
      throw new UnsupportedOnDeviceException(whyNoTf32());
    }
    plans.roundToTf32(on);
    products.roundToTf32(on);
  }

  @Override
  public void autotune(boolean on) {
    plans.autotune(on);
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public Normalizations normalizations() {
    return normalizations;
  }

  @Override
  public LayerNorms layerNorms() {
    return layerNorms;
  }

  @Override
  public Pools pools() {
    return pools;
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public Reductions reductions() {
    return reductions;
  }

  @Override
  public Linears linears() {
    return linears;
  }

  @Override
  public Losses losses() {
    return losses;
  }

  @Override
  public Optimizers optimizers() {
    return optimizers;
  }

  @Override
  public Quantizers quantizers() {
    return quantizers;
  }

  @Override
  public Int8Networks int8Networks() {
    return int8Networks;
  }

  @Override
  public PictureFeed pictureFeed(Normalization norm, byte[] erased) {
    return new CudaPictureFeed(gpu, memory, launcher, norm, erased);
  }

  @Override
  public boolean augments() {
    return true;
  }

  @Override
  public Recording record(Runnable work) {
    return CudaRecording.record(gpu, memory, work);
  }

  @Override
  public double milliseconds(Runnable work) {
    return clock.milliseconds(work);
  }

  @Override
  public List<KernelTime> kernelTimes(Runnable work) {
    return clock.times(work);
  }

  @Override
  public void ran(String op) {
    clock.ran(op);
  }

  @Override
  public Set<String> launchedKernels() {
    return launcher.launched();
  }

  /** How often cuDNN's graphs of each name were run or recorded so far, but not replayed. */
  public Map<String, Long> graphRuns() {
    return plans.runs();
  }

  /** Where all its work goes: for tests, which make handles of their own. */
  public long stream() {
    return gpu.stream;
  }

  /** Launches any kernel: for tests, which take the kernels one by one. */
  Launcher launcher() {
    return launcher;
  }

  /** Blocks of device memory that were not given back: 1, the backend's own, when all is closed. */
  int blocks() {
    return pool.blocks();
  }

  @Override
  public void close() {
    gpu.synchronize();
    plans.close();
    products.close();
    memory.close();
    launcher.close();
    clock.close();
    kernels.close();
    pinned.close();
    pool.close();
    gpu.close();
    afterClose.run();
  }
}
