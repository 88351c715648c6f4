package engine.backend.cuda;

import engine.backend.PlanChecker;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.GpuDescriptions;
import engine.backend.cuda.dnn.Int8ConvolutionGraph;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.dnn.Planner;
import engine.base.UserError;
import engine.ffi.Cudnn;
import engine.ffi.NativeLibraries;
import engine.ffi.UncheckedNativeException;
import engine.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The graphs of {@link CudaConvolutions} and {@link Int8Plan}, planned by the real cuDNN for a GPU
 * that is described.
 */
public final class CudnnPlanChecker implements PlanChecker {
  /** From 9.8 on cuDNN plans for GPUs that are not there. */
  private static final long OLDEST = 90_800;

  /** What {@link CudaConvolutions} computes in. */
  private static final List<DType> TYPES = List.of(DType.F32, DType.F16);

  private final LibraryFinder finder;
  private Cudnn cudnn;
  private String driver;

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
    long v = open().cudnnGetVersion();
    return "cuDNN %d.%d.%d with %s".formatted(v / 10_000, v / 100 % 100, v % 100, driver);
  }

  @Override
  public List<Finding> check(String gpu, List<Layer> layers) {
    Planner planner = Planner.forDescribedDevice(open(), GpuDescriptions.json(gpu));
    List<Finding> out = new ArrayList<>();
    for (Layer layer : layers) {
      for (DType type : TYPES) {
        String form = (type == DType.F32 ? "fp32" : "fp16") + " channels-last";
        for (List<OperationGraph> same : graphs(layer, type)) {
          out.add(finding(planner, layer.layer(), form, same));
        }
      }
      for (OperationGraph graph : ofBytes(layer)) {
        out.add(finding(planner, layer.layer(), "int8 channels-last", List.of(graph)));
      }
    }
    return out;
  }

  /** What a layer may ask for; of several forms of one thing the first that is planned is used. */
  private static List<List<OperationGraph>> graphs(Layer l, DType type) {
    var g = ConvolutionGraphs.padded(type, l.x(), l.w(), l.geometry());
    var unpadded = new ConvolutionGraphs(type, l.x(), l.w(), l.geometry());
    return List.of(
        List.of(g.forward(false, false, false)),
        List.of(unpadded.backwardData()),
        g.filterGradients(),
        List.of(g.forward(true, false, true)),
        List.of(g.forward(true, false, false)),
        List.of(g.forward(true, true, true)));
  }

  /** What a quantised layer may ask for, with the channels that {@link Int8Plan} gives it. */
  private static List<OperationGraph> ofBytes(Layer l) {
    return Stream.of(false, true)
        .map(residual -> Int8ConvolutionGraph.of(l.x(), l.w(), l.geometry(), residual).graph())
        .toList();
  }

  private static Finding finding(
      Planner planner, String layer, String form, List<OperationGraph> forms) {
    String refusal = null;
    for (OperationGraph graph : forms) {
      try (ExecutionPlan p = planner.plan(graph, CudnnPlans.MOST_WORKSPACE)) {
        return new Finding(layer, graph.name(), form, p.offered(), p.workspaceBytes(), null);
      } catch (CudnnException e) {
        refusal = e.getMessage();
      }
    }
    return new Finding(layer, forms.getLast().name(), form, 0, 0, refusal);
  }

  /** Which driver cuDNN finds. */
  private String driver() {
    Path real = finder.find(LibraryFinder.Library.DRIVER).path();
    if (real != null) {
      NativeLibraries.open(real);
      return "the driver of this machine";
    }
    String whyNot = StandInDriver.load();
    return whyNot == null
        ? "a stand-in for the driver"
        : "no driver, and so no engines that are compiled at run time (" + whyNot + ")";
  }

  private Cudnn open() {
    if (cudnn == null) {
      driver = driver();
      try {
        cudnn = VendorLibraries.cudnn(finder);
      } catch (UncheckedNativeException e) {
        throw new UserError(e.getMessage());
      }
      if (cudnn.cudnnGetVersion() < OLDEST) {
        throw new UserError(
            "this cuDNN is older than 9.8, the first that plans for a GPU that is not here:"
                + " pip install nvidia-cudnn-cu13");
      }
    }
    return cudnn;
  }
}
