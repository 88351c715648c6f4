package engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(autoCloseArguments = false)
@MethodSource("engine.TestDevices#all")
class GradClipTest {
  private final Backend backend;
  private TestDevices.LeakCheck leaks;

  GradClipTest(Backend backend) {
    this.backend = backend;
  }

  @BeforeEach
  void countTensors() {
    leaks = TestDevices.noLeaks(backend);
  }

  @AfterEach
  void nothingLeaked() {
    leaks.close();
  }

  @Test
  void theNormIsThatOfAllGradientsTogether() {
    try (Problem problem = new Problem(backend, 21);
        Optimizer sgd = sgd(problem);
        GradClip clip = new GradClip(backend, 1)) {
      double sum = 0;
      for (float[] g : problem.newGradients(3).values()) {
        for (float x : g) {
          sum += (double) x * x;
        }
      }
      clip.measure(sgd);
      assertEquals((float) Math.sqrt(sum), clip.norm());
    }
  }

  @Test
  void gradientsLongerThanTheLimitAreCutToItAndShorterOnesLeftAlone() {
    try (Problem problem = new Problem(backend, 22);
        Optimizer sgd = sgd(problem);
        GradClip tight = new GradClip(backend, 0.5);
        GradClip loose = new GradClip(backend, 1e6)) {
      problem.newGradients(1);
      float[] before = gradient(problem);
      loose.measure(sgd);
      loose.applyInPlace(sgd);
      assertArrayEquals(before, gradient(problem));
      tight.measure(sgd);
      tight.applyInPlace(sgd);
      tight.measure(sgd);
      assertEquals(0.5, tight.norm(), 1e-6);
    }
  }

  @Test
  void clippingInTheStepEqualsClippingTheGradients() {
    try (Problem fused = new Problem(backend, 23);
        Problem plain = new Problem(backend, 23);
        Optimizer a = sgd(fused);
        Optimizer b = sgd(plain);
        GradClip clip = new GradClip(backend, 0.5)) {
      fused.newGradients(1);
      plain.newGradients(1);
      clip.measure(a);
      a.step(clip);
      clip.applyInPlace(b);
      b.step();
      fused.values().forEach((n, x) -> assertArrayEquals(x, plain.values().get(n), 1e-7f, n));
    }
  }

  @Test
  void aStepWithInfiniteGradientsIsSkippedWithItsCountAndLowersTheScale() {
    try (Problem problem = new Problem(backend, 24);
        Optimizer adamw = new AdamW(backend, ParameterGroup.all(problem.parameters, 0.1, 0.1));
        LossScaler scaler = new LossScaler(backend);
        GradClip clip = new GradClip(backend, 1, scaler)) {
      problem.newGradients(65536);
      scaledStep(adamw, scaler, clip);
      Map<String, HostTensor> state = adamw.stateDict();
      Map<String, float[]> values = problem.values();
      for (float bad : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
        float[] bias = {1, 2, bad, 4, 5};
        Parameter p = problem.parameters.get("bias");
        p.replaceGrad(backend.memory().upload(HostTensor.of(bias, 5)));
        scaledStep(adamw, scaler, clip);
        assertTrue(clip.skips());
      }
      values.forEach((n, x) -> assertArrayEquals(x, problem.values().get(n), n));
      state.forEach((k, t) -> assertArrayEquals(t.toBytes(), adamw.stateDict().get(k).toBytes()));
      assertEquals(65536 / 8, scaler.stateDict().get("scale").item());
      assertEquals(0, scaler.stateDict().get("growth_tracker").item());
    }
  }

  @Test
  void theLargestFiniteGradientsAreNoOverflow() {
    try (Problem problem = new Problem(backend, 25);
        Optimizer sgd = sgd(problem);
        LossScaler scaler = new LossScaler(backend);
        GradClip clip = new GradClip(backend, 1, scaler)) {
      problem.newGradients(0);
      float[] most = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, 0, 0};
      problem.parameters.get("bias").replaceGrad(backend.memory().upload(HostTensor.of(most, 5)));
      clip.measure(sgd);
      assertFalse(clip.skips());
    }
  }

  @Test
  void aScaledStepEqualsAnUnscaledOne() {
    try (Problem scaled = new Problem(backend, 26);
        Problem plain = new Problem(backend, 26);
        Optimizer a = sgd(scaled);
        Optimizer b = sgd(plain);
        LossScaler scaler = new LossScaler(backend, 1024, 2, 0.5, 1);
        GradClip clip = new GradClip(backend, Double.POSITIVE_INFINITY, scaler)) {
      scaled.newGradients(1024);
      plain.newGradients(1);
      scaledStep(a, scaler, clip);
      b.step();
      scaled.values().forEach((n, x) -> assertArrayEquals(x, plain.values().get(n), 1e-6f, n));
      assertEquals(2048, scaler.stateDict().get("scale").item());
    }
  }

  @Test
  void aLoadedScalerGoesOnCounting() {
    try (Problem problem = new Problem(backend, 27);
        Optimizer sgd = sgd(problem);
        LossScaler first = new LossScaler(backend, 16, 2, 0.5, 3);
        LossScaler second = new LossScaler(backend, 99, 2, 0.5, 3);
        GradClip clip = new GradClip(backend, Double.POSITIVE_INFINITY, first)) {
      problem.newGradients(1);
      clip.measure(sgd);
      first.update(clip);
      first.update(clip);
      second.loadState(first.stateDict());
      second.update(clip);
      assertEquals(32, second.stateDict().get("scale").item());
    }
  }

  @Test
  void averagesSwapInAndOutAndSurviveSaving() {
    try (Problem problem = new Problem(backend, 28);
        Ema ema = Ema.ofParameters(backend, problem.parameters, 0.75);
        Ema other = Ema.ofParameters(backend, problem.parameters, 0.75);
        Optimizer sgd = sgd(problem)) {
      Map<String, float[]> start = problem.values();
      problem.newGradients(1);
      sgd.step();
      ema.update();
      Map<String, float[]> trained = problem.values();
      ema.swap();
      float[] average = problem.values().get("weight");
      float want = 0.75f * start.get("weight")[3] + 0.25f * trained.get("weight")[3];
      assertEquals(want, average[3], 1e-6);
      ema.swap();
      trained.forEach((n, x) -> assertArrayEquals(x, problem.values().get(n), n));
      other.loadState(ema.stateDict());
      assertArrayEquals(average, other.stateDict().get("weight").toFloats());
    }
  }

  private Optimizer sgd(Problem problem) {
    return new Sgd(backend, ParameterGroup.all(problem.parameters, 0.1, 0), 0, 0, false);
  }

  private float[] gradient(Problem problem) {
    return backend.memory().download(problem.parameters.get("matrix").grad()).toFloats();
  }

  private static void scaledStep(Optimizer optimizer, LossScaler scaler, GradClip clip) {
    clip.measure(optimizer);
    optimizer.step(clip);
    scaler.update(clip);
  }
}
