package engine.backend.cuda.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import engine.backend.Conv2dGeometry;
import engine.backend.Devices;
import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.SgdRule;
import engine.backend.Optimizers.Slot;
import engine.backend.cuda.CudaBackend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That what products read in half precision is always the weight that the optimiser last wrote. */
final class HalfWeightsTest {
  private static final CudaBackend GPU = (CudaBackend) Devices.open("sim", 2);
  private static final Conv2dGeometry GEOMETRY = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
  private static final Shape X = Shape.of(1, 5, 4, 4);

  /** 7 * 5 * 9 weights: the last three are beside the groups of four that the kernels take. */
  private static final Shape W = Shape.of(7, 5, 3, 3);

  private Tensor weight;
  private Tensor gradient;
  private Tensor first;
  private Tensor second;
  private Tensor third;
  private Tensor steps;
  private Tensor rates;
  private Tensor images;

  @BeforeEach
  void place() {
    try (Tensor w = values(W, 1)) {
      weight = GPU.convolutions().placeWeight(w, X, DType.F32, GEOMETRY);
    }
    gradient = like(weight, 2);
    first = like(weight, 3);
    second = like(weight, -4);
    third = like(weight, -5);
    images = values(X, 6);
    steps = GPU.memory().upload(HostTensor.of(new float[] {3}, 1));
    rates = GPU.memory().upload(HostTensor.of(new float[] {0.25f, 0.1f}, 2));
  }

  @AfterEach
  void free() {
    for (Tensor t : List.of(weight, gradient, first, second, third, images, steps, rates)) {
      t.close();
    }
    assertEquals(0, GPU.memory().liveTensors(), "a copy outlives its weight");
  }

  @AfterAll
  static void close() {
    GPU.close();
  }

  @ParameterizedTest
  @CsvSource({"F16,adamw", "BF16,adamw", "F16,amsgrad", "F16,sgd", "BF16,momentum"})
  void optimisersWriteBoth(DType half, String rule) {
    forward(half);
    float[] before = GPU.memory().download(weight).toFloats();
    step(rule, null);
    assertFalse(Arrays.equals(before, GPU.memory().download(weight).toFloats()));
    long casts = GPU.memory().casts();
    float[] seen = forward(half);
    // Images to half, and the result back: none for the weights.
    assertEquals(2, GPU.memory().casts() - casts);
    assertArrayEquals(fresh(half), seen);
  }

  @Test
  void skippedStepLeavesBoth() {
    float[] before = forward(DType.F16);
    try (Tensor control = GPU.memory().upload(HostTensor.of(new float[] {1, 1, 9}, 3))) {
      step("adamw", control);
    }
    assertArrayEquals(before, forward(DType.F16));
  }

  @Test
  void otherWritesRenewTheCopy() {
    forward(DType.BF16);
    GPU.memory().uploadInPlace(draw(W, 7), weight);
    assertArrayEquals(fresh(DType.BF16), forward(DType.BF16));
    try (Tensor other = like(weight, 8)) {
      GPU.memory().copyInPlace(other, weight);
    }
    assertArrayEquals(fresh(DType.BF16), forward(DType.BF16));
    GPU.memory().fillInPlace(weight, 0.5f);
    assertArrayEquals(fresh(DType.BF16), forward(DType.BF16));
  }

  @Test
  void secondHalfFormatIsRoundedAtEachUse() {
    forward(DType.F16);
    assertArrayEquals(fresh(DType.BF16), forward(DType.BF16));
    step("adamw", null);
    assertArrayEquals(fresh(DType.BF16), forward(DType.BF16));
    assertArrayEquals(fresh(DType.F16), forward(DType.F16));
  }

  private void step(String rule, Tensor control) {
    List<Slot> state = List.of(new Slot(weight, gradient, first, second, third, 0));
    switch (rule) {
      case "adamw", "amsgrad" ->
          GPU.optimizers()
              .adamInPlace(
                  state,
                  new AdamRule(0.9, 0.999, 1e-8, true, rule.equals("amsgrad")),
                  rates,
                  steps,
                  control);
      default -> {
        SgdRule sgd = new SgdRule(rule.equals("momentum") ? 0.9 : 0, 0, false);
        GPU.optimizers().sgdInPlace(state, sgd, rates, steps, control);
      }
    }
  }

  private float[] forward(DType half) {
    return forward(half, weight);
  }

  /** With weights that were never used before. */
  private float[] fresh(DType half) {
    try (Tensor copy = GPU.memory().emptyLike(weight)) {
      GPU.memory().copyInPlace(weight, copy);
      return forward(half, copy);
    }
  }

  private float[] forward(DType half, Tensor w) {
    try (Tensor x = GPU.memory().cast(images, half);
        Tensor y = GPU.convolutions().forward(x, w, null, GEOMETRY)) {
      return GPU.memory().download(y, DType.F32).toFloats();
    }
  }

  private static Tensor like(Tensor t, int seed) {
    Tensor out = GPU.memory().emptyLike(t);
    GPU.memory().uploadInPlace(draw(t.shape(), seed), out);
    return out;
  }

  private static Tensor values(Shape shape, int seed) {
    return GPU.memory().upload(draw(shape, seed));
  }

  /** Normal numbers; a negative seed gives none below 0. */
  private static HostTensor draw(Shape shape, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] all = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < all.length; i++) {
      float v = (float) random.nextGaussian();
      all[i] = seed < 0 ? Math.abs(v) : v;
    }
    return HostTensor.of(all, shape.dims());
  }
}
