package engine.inspect.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autograd.BatchNorm;
import engine.autograd.Call;
import engine.autograd.Conv2dOp;
import engine.autograd.Operation;
import engine.backend.Conv2dGeometry;
import engine.base.UserError;
import engine.inspect.tape.TapeStep;
import engine.inspect.tape.TapeStep.Gradient;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures that were worked out by hand. */
final class RooflineTest {
  private static final Shape Y = Shape.of(2, 16, 5, 5);
  private static final GpuPeak GPU = new GpuPeak("gpu", "A GPU", 100, Double.NaN, 10, 1000, "");

  private static final TapeStep CONVOLUTION =
      step(
          new Conv2dOp(Conv2dGeometry.of(2, 1, 1)),
          "conv",
          List.of(Shape.of(2, 8, 10, 10), Shape.of(16, 8, 3, 3)),
          List.of(
              new Gradient(null, DType.F32, Shape.of(2, 8, 10, 10)),
              new Gradient("conv.weight", DType.F32, Shape.of(16, 8, 3, 3))));

  private static final TapeStep NORM =
      step(
          new BatchNorm.Train(true, false),
          "norm",
          List.of(Y, Shape.of(16), Shape.of(16), Y),
          List.of(
              new Gradient(null, DType.F32, Y),
              new Gradient(null, DType.F32, Y),
              new Gradient("norm.weight", DType.F32, Shape.of(16)),
              new Gradient("norm.bias", DType.F32, Shape.of(16))));

  private static TapeStep step(
      Operation op, String layer, List<Shape> inputs, List<Gradient> gradients) {
    Call call =
        new Call(
            inputs.stream().map(s -> new Call.Value(s, DType.F32)).toList(),
            new Call.Value(Y, DType.F32));
    return new TapeStep(op, call, layer, true, DType.F32, 0, gradients, 0);
  }

  @Test
  void aConvolutionHasThreeProductsOfEqualFlops() {
    // At batch 20: results 20*16*25 = 8,000, images 20*8*100 = 16,000, filters 16*8*9 = 1,152.
    double flops = 2.0 * 8_000 * 8 * 9;
    for (String pass : List.of("forward", "data gradient")) {
      Launch l = launch(StepPrecision.FP16, "conv " + pass);
      assertEquals(flops, l.flops());
      assertEquals(2 * (8_000 + 16_000 + 1_152), l.bytes());
      assertTrue(l.products());
    }
    Launch filter = launch(StepPrecision.FP16, "conv filter gradient");
    assertEquals(flops, filter.flops());
    assertEquals(2 * (8_000 + 16_000) + 4 * 1_152, filter.bytes());
    assertEquals("16x8x3x3 to 20x16x5x5", filter.shape());
    assertEquals(4 * (8_000 + 16_000 + 1_152), launch(StepPrecision.FP32, "conv forward").bytes());
  }

  @Test
  void aNormWithAResidualReadsItTooAndGivesItsGradient() {
    double tensor = 2 * 8_000;
    assertEquals(tensor, launch(StepPrecision.FP16, "norm statistics").bytes());
    assertEquals(3 * tensor, launch(StepPrecision.FP16, "norm forward").bytes());
    assertEquals(2 * tensor, launch(StepPrecision.FP16, "norm gradient sums").bytes());
    assertEquals(4 * tensor, launch(StepPrecision.FP16, "norm data gradient").bytes());
  }

  /** The norm of the second pair is a convolution's to apply, the first one's has a residual. */
  @Test
  void convolutionsTakeOverStatisticsAndNormsThatOnlyTheyRead() {
    TapeStep left =
        step(
            new BatchNorm.Train(true, true),
            "left",
            List.of(Y, Shape.of(16), Shape.of(16)),
            List.of(new Gradient(null, DType.F32, Y)));
    List<TapeStep> tape = List.of(CONVOLUTION, NORM, CONVOLUTION, left, CONVOLUTION);
    List<String> kinds =
        StepLaunches.of(tape, 2, Shape.of(20, 3, 10, 10), StepPrecision.FP16, true).stream()
            .map(l -> l.count() + " " + l.kind())
            .toList();
    assertEquals(
        List.of(
            "1 images to numbers",
            "2 conv forward + statistics",
            "3 conv data gradient",
            "3 conv filter gradient",
            "1 norm forward",
            "1 norm gradient sums",
            "1 norm data gradient",
            "1 norm gradient sums",
            "1 norm data gradient",
            "1 conv forward",
            "1 AdamW"),
        kinds);
  }

  @Test
  void adamwMovesTwentyEightBytesAParameterAndAHalfCopyOfFilters() {
    assertEquals(28 * (1_152 + 32), launch(StepPrecision.FP32, "AdamW").bytes());
    double copied = 2 * 1_152;
    assertEquals(28 * (1_152 + 32) + copied, launch(StepPrecision.FP16, "AdamW").bytes());
  }

  @Test
  void equalLaunchesAreOneWithTheirNumber() {
    List<Launch> twice =
        StepLaunches.of(
            List.of(CONVOLUTION, CONVOLUTION),
            2,
            Shape.of(20, 3, 10, 10),
            StepPrecision.FP16,
            false);
    assertEquals(
        2, twice.stream().filter(l -> l.kind().equals("conv forward")).findFirst().get().count());
  }

  @Test
  void theCeilingThatIsMetFirstIsTheFloor() {
    // 100 TFLOP/s and 1,000 GB/s meet at 100 FLOPs a byte.
    Launch memory = new Launch("a", "", "", 1, true, 99e6, 1e6);
    assertTrue(memory.boundByMemory(GPU, StepPrecision.FP16));
    assertEquals(1, memory.floor(GPU, StepPrecision.FP16), 1e-9);
    Launch products = new Launch("a", "", "", 1, true, 200e6, 1e6);
    assertEquals(2, products.floor(GPU, StepPrecision.FP16), 1e-9);
    Launch other = new Launch("a", "", "", 1, false, 200e6, 1e6);
    assertEquals(20, other.floor(GPU, StepPrecision.FP16), 1e-9);
  }

  @Test
  void aPrecisionThatAGpuLacksIsSaid() {
    var e = assertThrows(UserError.class, () -> GPU.products(StepPrecision.TF32));
    assertEquals("A GPU has no TF32: use --precision fp16 or fp32", e.getMessage());
  }

  @Test
  void theRidgesOfTheGpusAreThoseOfTheirDataSheets() {
    assertEquals(
        List.of("h200", "h100", "a100", "l4", "rtx4090", "rtx3090", "t4", "orin", "b200"),
        GpuPeak.all().stream().map(GpuPeak::name).toList());
    GpuPeak h100 = GpuPeak.of("h100");
    assertEquals(295, h100.products(StepPrecision.FP16) * 1e3 / h100.memory(), 1);
  }

  private static Launch launch(StepPrecision precision, String kind) {
    return StepLaunches.of(List.of(CONVOLUTION, NORM), 2, Shape.of(20, 3, 10, 10), precision, false)
        .stream()
        .filter(l -> l.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }
}
