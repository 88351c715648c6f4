package engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.SgdRule;
import engine.backend.Optimizers.Slot;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Tensors of more elements than a block of threads takes at once, in the forms of the rules that
 * read other columns than usual: each element is moved once, by its own numbers.
 */
final class LargeOptimizerTest {
  private static final int ELEMENTS = 9_003;
  private static final float LR = 0.01f;

  private static float[] drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] all = new float[ELEMENTS];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextDouble(-1, 1);
    }
    return all;
  }

  private interface Update {
    void on(Optimizers o, List<Slot> slots, Tensor rates, Tensor steps);
  }

  private static float[] moved(Backend b, boolean third, Update update) {
    try (var _ = TestDevices.noLeaks(b);
        Tensor p = b.memory().upload(HostTensor.of(drawn(1), ELEMENTS));
        Tensor g = b.memory().upload(HostTensor.of(drawn(2), ELEMENTS));
        Tensor first = b.memory().zerosLike(p);
        Tensor second = b.memory().zerosLike(p);
        Tensor largest = third ? b.memory().zerosLike(p) : null;
        Tensor rates = b.memory().upload(HostTensor.of(new float[] {LR, 0}, 2));
        Tensor steps = b.memory().zeros(DType.F32, Shape.of(1))) {
      update.on(b.optimizers(), List.of(new Slot(p, g, first, second, largest, 0)), rates, steps);
      return b.memory().download(p).toFloats();
    }
  }

  @OnEveryDevice
  void withoutMomentumEachElementGoesDownItsGradient(Backend b) {
    float[] want = drawn(1);
    float[] g = drawn(2);
    for (int i = 0; i < ELEMENTS; i++) {
      want[i] -= LR * g[i];
    }
    SgdRule plain = new SgdRule(0, 0, false);
    assertArrayEquals(
        want, moved(b, false, (o, s, r, t) -> o.sgdInPlace(s, plain, r, t, null)), 1e-6f);
  }

  /** The first step of Adam is of one length for all but tiny gradients, with amsgrad too. */
  @OnEveryDevice
  void amsgradsFirstStepIsTheRateInTheGradientsDirection(Backend b) {
    float[] want = drawn(1);
    float[] g = drawn(2);
    for (int i = 0; i < ELEMENTS; i++) {
      want[i] -= LR * g[i] / (Math.abs(g[i]) + 1e-8f);
    }
    AdamRule rule = new AdamRule(0.9, 0.999, 1e-8, true, true);
    assertArrayEquals(
        want, moved(b, true, (o, s, r, t) -> o.adamInPlace(s, rule, r, t, null)), 1e-5f);
  }
}
