package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import engine.backend.Conv2dGeometry;
import engine.backend.cuda.dnn.ConvolutionGraphs;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.GpuDescriptions;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.dnn.Planner;
import engine.backend.cuda.plans.CudnnPlanChecker;
import engine.backend.cuda.plans.CudnnPlans;
import engine.base.UserError;
import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine makes of the real cuDNN's plans, where the library is found; no GPU needed. */
final class RealCudnnPlansTest {
  private Cudnn cudnn;

  @BeforeEach
  void open() {
    try {
      cudnn = new CudnnPlanChecker().open();
    } catch (UserError e) {
      abort("cuDNN is not asked: " + e.getMessage());
    }
  }

  private Planner planner(String gpu) {
    return Planner.forDescribedDevice(cudnn, GpuDescriptions.json(gpu));
  }

  private static ConvolutionGraphs graphs(DType type) {
    return new ConvolutionGraphs(
        type, Shape.of(8, 64, 14, 14), Shape.of(64, 64, 3, 3), Conv2dGeometry.of(1, 1, 1));
  }

  @Test
  void aPlanIsRestoredWithItsCompiledKernelsOnTheSameKindOfGpuOnly() {
    for (OperationGraph graph :
        List.of(
            graphs(DType.F32).forward(false, false, false),
            graphs(DType.F16).forward(true, true, true),
            graphs(DType.F16).backwardFilter())) {
      try (ExecutionPlan made = planner("h100").plan(graph, CudnnPlans.rules(false));
          ExecutionPlan restored = planner("h100").restore(made.json())) {
        assertEquals(made.engine(), restored.engine(), graph.name());
        assertEquals(made.workspaceBytes(), restored.workspaceBytes(), graph.name());
        assertEquals(made.json(), restored.json(), graph.name());
        CudnnException e =
            assertThrows(CudnnException.class, () -> planner("t4").restore(made.json()));
        assertTrue(e.getMessage().contains("ARCH_MISMATCH"), e.getMessage());
      }
    }
  }

  @Test
  void floatsAreConvolvedOnTensorCoresOnlyWhereTf32IsAllowed() {
    ConvolutionGraphs floats = graphs(DType.F32);
    for (String gpu : List.of("h100", "a100")) {
      for (OperationGraph graph :
          List.of(
              floats.forward(false, false, false),
              floats.forward(true, true, true),
              floats.backwardData(),
              floats.backwardFilter())) {
        try (ExecutionPlan fp32 = planner(gpu).plan(graph, CudnnPlans.rules(false));
            ExecutionPlan tf32 = planner(gpu).plan(graph, CudnnPlans.rules(true))) {
          assertFalse(fp32.usesTensorCores(), gpu + ", " + graph.name());
          assertTrue(tf32.usesTensorCores(), gpu + ", " + graph.name());
        }
      }
    }
    try (ExecutionPlan half =
        planner("h100").plan(graphs(DType.F16).backwardData(), CudnnPlans.rules(false))) {
      assertTrue(half.usesTensorCores(), "which is a rule for fp32 alone");
    }
  }

  @Test
  void severalPlansOfOneGraphAreThereToChooseFrom() {
    List<ExecutionPlan> plans =
        planner("h100").plans(graphs(DType.F16).backwardData(), CudnnPlans.rules(false), 10);
    try {
      assertEquals(10, plans.size());
      assertEquals(10, plans.stream().map(ExecutionPlan::json).distinct().count());
    } finally {
      plans.getFirst().close();
    }
  }

  @Test
  void whatIsNoPlanIsRefused() {
    for (String text : List.of("", "{}", "{\"cudnnVersion\":80000}", "no plan")) {
      assertThrows(CudnnException.class, () -> planner("h100").restore(text), text);
    }
  }
}
