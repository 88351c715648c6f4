package engine.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObserverTest {
  private final Backend cpu = TestDevices.cpu();

  @Test
  void aPercentileLeavesAnOutlierOut() {
    float[] x = new float[100_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 1000 / 1000f;
    }
    x[5] = 1000;
    HistogramObserver o = new HistogramObserver(cpu, QuantSpec.ACTIVATION, 99.99);
    o.observe(HostTensor.of(x, x.length));
    assertEquals(0, o.range()[0], 1e-6);
    assertTrue(o.range()[1] >= 0.999 && o.range()[1] < 2, "not " + o.range()[1]);
    HistogramObserver all = new HistogramObserver(cpu, QuantSpec.ACTIVATION, 100);
    all.observe(HostTensor.of(x, x.length));
    assertEquals(1000, all.range()[1]);
  }

  @Test
  void aLayerThatGivesNothingIsNamed() {
    try (var _ = TestDevices.noLeaks(cpu);
        QuantizerSet set = new QuantizerSet(cpu, QuantizerSet.Config.TRAINING);
        Tape tape = Tape.inference(cpu)) {
      var zeros = tape.constant(cpu.memory().zeros(DType.F32, Shape.of(2, 3)));
      set.activation("layer3.1.conv2", false).apply(tape, zeros);
      set.check();
      assertEquals(List.of("layer3.1.conv2"), set.empty());
    }
  }

  @Test
  void halvesGoToTheEvenStepBeforeTheZeroPoint() {
    QuantParams p = new QuantParams(QuantSpec.ACTIVATION, new float[] {1}, new int[] {3});
    HostTensor q = p.quantize(HostTensor.of(new float[] {0.5f, 1.5f, 2.5f, -9, 999}, 5));
    assertEquals(3, q.get(0));
    assertEquals(5, q.get(1));
    assertEquals(5, q.get(2));
    assertEquals(0, q.get(3));
    assertEquals(255, q.get(4));
  }
}
