package engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.TestDevices;
import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(autoCloseArguments = false)
@MethodSource("engine.TestDevices#all")
class OptimizerTest {
  private final Backend backend;
  private TestDevices.LeakCheck leaks;

  OptimizerTest(Backend backend) {
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
  void adamwDecaysBeforeTheMoment() {
    long seed = 11;
    try (Problem problem = new Problem(backend, seed);
        Optimizer adamw = new AdamW(backend, ParameterGroup.all(problem.parameters, 0.01, 0.3))) {
      Map<String, double[]> p = doubles(problem.values());
      Map<String, double[]> m = zeros(p);
      Map<String, double[]> v = zeros(p);
      for (int t = 1; t <= 4; t++) {
        Map<String, float[]> g = problem.newGradients(0.1);
        adamw.step();
        for (String name : p.keySet()) {
          for (int i = 0; i < p.get(name).length; i++) {
            double d = g.get(name)[i];
            p.get(name)[i] *= 1 - 0.01 * 0.3;
            m.get(name)[i] = 0.9 * m.get(name)[i] + 0.1 * d;
            v.get(name)[i] = 0.999 * v.get(name)[i] + 0.001 * d * d;
            double first = m.get(name)[i] / (1 - Math.pow(0.9, t));
            double second = v.get(name)[i] / (1 - Math.pow(0.999, t));
            p.get(name)[i] -= 0.01 * first / (Math.sqrt(second) + 1e-8);
          }
        }
      }
      assertClose(p, problem.values(), seed);
    }
  }

  @Test
  void nesterovLooksAheadAlongTheNewBuffer() {
    long seed = 12;
    try (Problem problem = new Problem(backend, seed);
        Optimizer sgd =
            new Sgd(backend, ParameterGroup.all(problem.parameters, 0.1, 0.02), 0.9, 0, true)) {
      Map<String, double[]> p = doubles(problem.values());
      Map<String, double[]> buffer = zeros(p);
      for (int t = 1; t <= 4; t++) {
        Map<String, float[]> g = problem.newGradients(0.5);
        sgd.step();
        for (String name : p.keySet()) {
          for (int i = 0; i < p.get(name).length; i++) {
            double d = g.get(name)[i] + 0.02 * p.get(name)[i];
            buffer.get(name)[i] = 0.9 * buffer.get(name)[i] + d;
            p.get(name)[i] -= 0.1 * (d + 0.9 * buffer.get(name)[i]);
          }
        }
      }
      assertClose(p, problem.values(), seed);
    }
  }

  @Test
  void onlyTheGroupOfWeightsDecaysWhenGroupsAreSplit() {
    try (Problem problem = new Problem(backend, 13);
        Optimizer sgd =
            new Sgd(
                backend, ParameterGroup.splitByDecay(problem.parameters, 0.5, 0.1), 0, 0, false)) {
      Map<String, float[]> before = problem.values();
      problem.newGradients(0);
      sgd.step();
      sgd.setWeightDecay(0.2);
      sgd.step();
      Map<String, float[]> after = problem.values();
      assertArrayEquals(before.get("bias"), after.get("bias"));
      assertArrayEquals(before.get("scalar"), after.get("scalar"));
      float w = before.get("weight")[7];
      assertEquals(w * (1 - 0.05f) * (1 - 0.1f), after.get("weight")[7], 1e-6 * Math.abs(w));
      assertEquals(0, sgd.weightDecay(1));
    }
  }

  @Test
  void aSavedAndLoadedRunContinuesBitForBit() {
    resumes(p -> new AdamW(backend, ParameterGroup.splitByDecay(p, 1e-3, 0.05)));
    resumes(p -> new Adam(backend, ParameterGroup.all(p, 1e-3, 0.05), 0.8, 0.99, 1e-6, true));
    resumes(p -> new Sgd(backend, ParameterGroup.all(p, 0.1, 1e-3), 0.9, 0, true));
    resumes(p -> new Sgd(backend, ParameterGroup.all(p, 0.1, 1e-3), 0.7, 0.2, false));
    resumes(p -> new Sgd(backend, ParameterGroup.all(p, 0.1, 0), 0, 0, false));
  }

  /** Ten steps, once in one go and once with the optimiser replaced by a loaded one after five. */
  private void resumes(Function<Map<String, Parameter>, Optimizer> make) {
    try (Problem whole = new Problem(backend, 14);
        Problem cut = new Problem(backend, 14);
        Optimizer one = make.apply(whole.parameters)) {
      steps(whole, one, 0, 10);
      Map<String, HostTensor> saved;
      try (Optimizer first = make.apply(cut.parameters)) {
        steps(cut, first, 0, 5);
        saved = first.stateDict();
      }
      try (Optimizer second = make.apply(cut.parameters)) {
        second.loadState(saved);
        steps(cut, second, 5, 10);
        whole.values().forEach((name, x) -> assertArrayEquals(x, cut.values().get(name), name));
        one.stateDict()
            .forEach(
                (key, t) ->
                    assertArrayEquals(t.toBytes(), second.stateDict().get(key).toBytes(), key));
      }
    }
  }

  /** The rate changes once, so that it must be saved too. */
  private static void steps(Problem problem, Optimizer optimizer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (i == 3) {
        optimizer.setLr(optimizer.lr(0) / 3);
        optimizer.setWeightDecay(0.07);
      }
      problem.newGradients(0.1);
      optimizer.step();
      optimizer.zeroGrad();
    }
  }

  @Test
  void stateIsSavedByPytorchsNamesAndShapes() {
    try (Problem problem = new Problem(backend, 15);
        Optimizer adam =
            new Adam(
                backend, ParameterGroup.all(problem.parameters, 1e-3, 0), .9, .99, 1e-8, true)) {
      assertEquals(2, adam.stateDict().size());
      problem.newGradients(1);
      adam.step();
      Map<String, HostTensor> state = adam.stateDict();
      assertEquals(Shape.of(101, 331), state.get("matrix.exp_avg").shape());
      assertEquals(Shape.of(101, 331), state.get("matrix.exp_avg_sq").shape());
      assertEquals(Shape.of(101, 331), state.get("matrix.max_exp_avg_sq").shape());
      assertEquals(1, state.get("matrix.step").item());
      assertEquals(Shape.of(), state.get("matrix.step").shape());
      assertEquals(1e-3, state.get("group.0.lr").item());
    }
  }

  @Test
  void stateOfAnotherModelIsRefusedAndNothingChanges() {
    try (Problem problem = new Problem(backend, 16);
        Optimizer sgd =
            new Sgd(backend, ParameterGroup.all(problem.parameters, 0.1, 0), 0.9, 0, false)) {
      problem.newGradients(1);
      sgd.step();
      Map<String, HostTensor> good = sgd.stateDict();
      refused(sgd, good, "matrix.momentum_buffer", null, "lacks matrix.momentum_buffer");
      refused(sgd, good, "group.0.lr", null, "lacks group.0.lr");
      refused(
          sgd,
          good,
          "matrix.momentum_buffer",
          HostTensor.of(new float[3], 3),
          "is F32 [3] and not");
      refused(
          sgd, good, "fc.exp_avg", HostTensor.of(new float[3], 3), "fc.exp_avg, which this model");
      refused(
          sgd, good, "matrix.step", HostTensor.of(new float[] {Float.NaN}), "matrix.step is not");
      good.forEach(
          (key, t) -> assertArrayEquals(t.toBytes(), sgd.stateDict().get(key).toBytes(), key));
    }
  }

  private static void refused(
      Optimizer o, Map<String, HostTensor> good, String key, HostTensor value, String why) {
    Map<String, HostTensor> bad = new LinkedHashMap<>(good);
    bad.put("group.0.weight_decay", HostTensor.of(new double[] {0.9}));
    if (value == null) {
      bad.remove(key);
    } else {
      bad.put(key, value);
    }
    RuntimeException e = assertThrows(engine.base.UserError.class, () -> o.loadState(bad));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void aParameterWithoutGradientKeepsItsValueAndItsStepCount() {
    try (Problem problem = new Problem(backend, 17);
        Optimizer adamw = new AdamW(backend, ParameterGroup.all(problem.parameters, 0.1, 0.1))) {
      problem.newGradients(1);
      adamw.step();
      float[] bias = problem.values().get("bias");
      problem.newGradients(1);
      problem.parameters.get("bias").clearGrad();
      adamw.step();
      assertArrayEquals(bias, problem.values().get("bias"));
      assertEquals(1, adamw.stateDict().get("bias.step").item());
      assertEquals(2, adamw.stateDict().get("weight.step").item());
    }
  }

  @Test
  void stateFollowsAParameterToTheLayoutOfItsConvolution() {
    assumeTrue(backend.name().equals("cpu"), "weights lie in one layout on other devices");
    Random random = new Random(18);
    float[] w = new float[16 * 3 * 3 * 3];
    float[][] g = new float[3][w.length];
    for (int i = 0; i < w.length; i++) {
      w[i] = random.nextFloat();
      g[0][i] = random.nextFloat();
      g[1][i] = random.nextFloat();
      g[2][i] = random.nextFloat();
    }
    float[] plain = threeSteps(w, g, false);
    assertArrayEquals(plain, threeSteps(w, g, true));
    assertNotEquals(w[0], plain[0]);
  }

  private float[] threeSteps(float[] w, float[][] g, boolean move) {
    long[] shape = {16, 3, 3, 3};
    Parameter p = new Parameter(backend.memory().upload(HostTensor.of(w, shape)), true);
    try (Optimizer adamw = new AdamW(backend, ParameterGroup.all(Map.of("w", p), 0.01, 0.1))) {
      for (int i = 0; i < 3; i++) {
        p.replaceGrad(backend.memory().upload(HostTensor.of(g[i], shape)));
        adamw.step();
        if (move && i == 0) {
          Variable x = new Variable(backend.memory().zeros(DType.F32, Shape.of(2, 3, 8, 8)), false);
          try (Tape tape = Tape.inference(backend)) {
            Conv2dOp.apply(tape, x, p, null, Conv2dGeometry.of(1, 1, 1));
          }
          x.close();
          assertFalse(p.value().layout().isRowMajor(), "the convolution left the weight in place");
        }
      }
      float[] moments = adamw.stateDict().get("w.exp_avg").toFloats();
      assertEquals(0.1 * (0.81 * g[0][5] + 0.9 * g[1][5] + g[2][5]), moments[5], 1e-6);
      return backend.memory().download(p.value()).toFloats();
    } finally {
      p.close();
    }
  }

  @Test
  void wrongHyperParametersAreRefusedInWords() {
    List<ParameterGroup> none = ParameterGroup.all(Map.of(), 0.1, 0);
    refusedInWords("the first beta must be", () -> new Adam(backend, none, 1, 0.9, 1e-8, false));
    refusedInWords("the eps must be above 0", () -> new AdamW(backend, none, 0.9, 0.9, 0, false));
    refusedInWords("Nesterov's form needs", () -> new Sgd(backend, none, 0, 0, true));
    refusedInWords("the learning rate must be", () -> ParameterGroup.all(Map.of(), -1, 0));
    refusedInWords("the weight decay must be", () -> ParameterGroup.all(Map.of(), 1, Double.NaN));
    refusedInWords("the largest gradient norm must be", () -> new GradClip(backend, 0));
  }

  private static void refusedInWords(String words, Runnable bad) {
    RuntimeException e = assertThrows(IllegalArgumentException.class, bad::run);
    assertTrue(e.getMessage().startsWith(words), e.getMessage());
  }

  private static Map<String, double[]> doubles(Map<String, float[]> x) {
    Map<String, double[]> out = new LinkedHashMap<>();
    x.forEach(
        (name, v) -> {
          double[] d = new double[v.length];
          for (int i = 0; i < d.length; i++) {
            d[i] = v[i];
          }
          out.put(name, d);
        });
    return out;
  }

  private static Map<String, double[]> zeros(Map<String, double[]> like) {
    Map<String, double[]> out = new LinkedHashMap<>();
    like.forEach((name, v) -> out.put(name, new double[v.length]));
    return out;
  }

  private static void assertClose(Map<String, double[]> want, Map<String, float[]> got, long seed) {
    want.forEach(
        (name, w) -> {
          for (int i = 0; i < w.length; i++) {
            double allowed = 1e-6 + 1e-6 * Math.abs(w[i]);
            assertEquals(w[i], got.get(name)[i], allowed, name + " seed " + seed);
          }
        });
  }
}
