package engine.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values and gradients are checked by the reference cases cbam_common and cbam_paper. */
final class CbamTest {
  private static final Backend CPU = TestDevices.cpu();

  private static Cbam cbam(Cbam.Variant variant, int channels) {
    return new Cbam(CPU, variant, channels, 4, new SplittableRandom(1));
  }

  @Test
  void theVariantsHaveTheNamesOfTheirSources() {
    try (Cbam common = cbam(Cbam.Variant.COMMON, 8);
        Cbam paper = cbam(Cbam.Variant.PAPER, 8)) {
      assertEquals(
          List.of("fc1.weight", "fc2.weight", "conv.weight"),
          List.copyOf(common.stateDict(CPU).keySet()));
      assertEquals(
          List.of(
              "mlp.0.weight",
              "mlp.0.bias",
              "mlp.2.weight",
              "mlp.2.bias",
              "spatial.weight",
              "bn.weight",
              "bn.bias",
              "bn.running_mean",
              "bn.running_var",
              "bn.num_batches_tracked"),
          List.copyOf(paper.stateDict(CPU).keySet()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGatesOnlyShrink(Cbam.Variant variant) {
    float[] x = new float[2 * 20 * 5 * 7];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (Cbam cbam = cbam(variant, 20);
        Tape tape = Tape.inference(CPU)) {
      Variable in = tape.constant(CPU.memory().upload(HostTensor.of(x, 2, 20, 5, 7)));
      HostTensor y = CPU.memory().download(cbam.forward(tape, in).value());
      assertEquals(Shape.of(2, 20, 5, 7), y.shape());
      for (int i = 0; i < x.length; i++) {
        assertTrue(Math.abs(y.get(i)) <= Math.abs(x[i]) && y.get(i) * x[i] >= 0);
      }
    }
  }

  @Test
  void fewChannelsKeepOneHiddenUnit() {
    try (Cbam cbam = cbam(Cbam.Variant.COMMON, 3)) {
      assertEquals(Shape.of(1, 3, 1, 1), cbam.parameters().get("fc1.weight").shape());
    }
    assertThrows(IllegalArgumentException.class, () -> cbam(Cbam.Variant.COMMON, 0));
  }
}
