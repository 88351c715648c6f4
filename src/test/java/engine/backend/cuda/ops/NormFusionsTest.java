package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.BatchNorm;
import engine.autograd.BatchNorm.After;
import engine.autograd.Conv2dOp;
import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.backend.Recording;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.SimulatedGpus;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * cuDNN's fusions of convolutions and norms on a simulated H100, our own kernels on a simulated T4,
 * and the CPU's fp32 beside both.
 */
final class NormFusionsTest {
  private static final String SUMS = "conv + statistics";
  private static final String NORMALISES = "scale + shift + relu + conv + statistics";
  private static final String NORMALISES_BACK = "scale + shift + relu + filter gradient";
  private static final String PLAIN = "conv";
  private static final String PLAIN_BACK = "filter gradient + to fp32";
  private static final long SEED = 20261124;

  /** Half a unit in the last place of a half, of its value. */
  private static final double HALF = 0x1p-11;

  /** Sums of fp32 in another order. */
  private static final double SINGLE = 0x1p-20;

  private static CudaBackend h100;
  private static CudaBackend t4;

  @BeforeAll
  static void open() {
    h100 = SimulatedGpus.open(SimulatedGpus.HOPPER);
    t4 = SimulatedGpus.open(SimulatedGpus.TURING);
  }

  @AfterAll
  static void close() {
    h100.close();
    t4.close();
  }

  // ---- a whole network ----

  /**
   * Of the 53 convolutions of a ResNet-50 the second and third of each of its 16 blocks read a norm
   * with a ReLU.
   */
  @Tag("slow")
  @Test
  void aStepOfResNet50FusesOnHopperAndRunsOurKernelsOnTuring() {
    Map<String, float[]> exact;
    Map<String, float[]> fused;
    Map<String, float[]> own;
    try (Network n = new Network(TestDevices.cpu(), DType.F32)) {
      exact = n.step();
    }
    try (Network n = new Network(t4, DType.F16)) {
      var before = t4.graphRuns();
      own = n.step();
      assertEquals(Map.of(PLAIN, 53L, PLAIN_BACK, 53L), runsSince(t4, before));
    }
    try (Network n = new Network(h100, DType.F16)) {
      var expected = Map.of(SUMS, 21L, NORMALISES, 32L, PLAIN_BACK, 21L, NORMALISES_BACK, 32L);
      var before = h100.graphRuns();
      fused = n.step();
      assertEquals(expected, runsSince(h100, before), "op by op");
      before = h100.graphRuns();
      Map<String, float[]> recorded = n.recordedStep();
      assertEquals(expected, runsSince(h100, before), "recorded");
      gradients(fused).forEach((name, g) -> assertArrayEquals(g, recorded.get(name), 0, name));
    }
    // Ten thin layers over 16 values a channel make much of the last digit of a half, fused or not.
    double ownError = error(gradients(exact), gradients(own));
    double fusedError = error(gradients(exact), gradients(fused));
    String errors = "relative errors %.4f of ours, %.4f fused".formatted(ownError, fusedError);
    assertTrue(ownError < 0.25 && fusedError < 1.2 * ownError, errors);
    statistics(exact)
        .forEach(
            (name, s) -> {
              double e = error(Map.of(name, s), Map.of(name, fused.get(name)));
              assertTrue(e < 0.01, name + " is off by " + e);
            });
  }

  private static Map<String, float[]> gradients(Map<String, float[]> all) {
    return named(all, "gradient of ");
  }

  private static Map<String, float[]> statistics(Map<String, float[]> all) {
    return named(all, "state ");
  }

  private static Map<String, float[]> named(Map<String, float[]> all, String prefix) {
    Map<String, float[]> some = new TreeMap<>(all);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    assertTrue(some.size() > 100, prefix + some.keySet());
    return some;
  }

  /** Graphs of convolutions since {@code before}, but for the images' gradients. */
  private static Map<String, Long> runsSince(CudaBackend gpu, Map<String, Long> before) {
    Map<String, Long> runs = new HashMap<>(gpu.graphRuns());
    before.forEach((name, n) -> runs.merge(name, -n, Long::sum));
    runs.values().removeIf(n -> n == 0);
    runs.remove("data gradient");
    return runs;
  }

  /** Norm of the difference over the norm of what is wanted, all values together. */
  private static double error(Map<String, float[]> want, Map<String, float[]> got) {
    double difference = 0;
    double all = 0;
    for (var e : want.entrySet()) {
      float[] a = e.getValue();
      float[] b = got.get(e.getKey());
      for (int i = 0; i < a.length; i++) {
        difference += (a[i] - b[i]) * (double) (a[i] - b[i]);
        all += a[i] * (double) a[i];
      }
    }
    return Math.sqrt(difference / all);
  }

  /** A thin ResNet-50 with four images of its own. */
  private static final class Network implements AutoCloseable {
    private static final int[] CLASSES = {3, 1, 4, 0};
    private static final ResNetConfig CONFIG =
        new ResNetConfig(50, 8, 3, 5, ResNetConfig.Stem.STANDARD, 0, false);
    private static final float LOSS_SCALE = 256;

    private final Backend backend;
    private final DType type;
    private final ResNet net;
    private final Tensor images;
    private final Tensor targets;

    Network(Backend backend, DType type) {
      this.backend = backend;
      this.type = type;
      net = new ResNet(backend, CONFIG, new SplittableRandom(SEED));
      // With gains of 1 even two fp32 libraries differ by several per cent.
      net.parameters()
          .forEach(
              (name, p) -> {
                if (name.endsWith("bn3.weight")) {
                  backend.memory().fillInPlace(p.value(), 0.25f);
                }
              });
      images = backend.memory().upload(normal(SEED, CLASSES.length, 3, 64, 64));
      targets = backend.memory().upload(HostTensor.of(CLASSES, CLASSES.length));
    }

    Map<String, float[]> step() {
      pass();
      return results();
    }

    Map<String, float[]> recordedStep() {
      try (Recording _ = backend.record(this::pass)) {
        return results();
      }
    }

    private void pass() {
      try (Tape tape = Tape.training(backend).withAutocast(type)) {
        Variable logits = net.forward(tape, tape.constant(images.retain()));
        tape.backward(CrossEntropy.apply(tape, logits, targets, 0.1f), LOSS_SCALE);
      }
    }

    /** Gradients, which are then cleared, and running statistics. */
    private Map<String, float[]> results() {
      Map<String, float[]> out = new HashMap<>();
      net.parameters()
          .forEach(
              (name, p) -> {
                out.put("gradient of " + name, backend.memory().download(p.grad()).toFloats());
                p.clearGrad();
              });
      net.stateDict(backend)
          .forEach(
              (name, t) -> {
                if (name.contains("running")) {
                  out.put("state " + name, t.toFloats());
                }
              });
      return out;
    }

    @Override
    public void close() {
      net.close();
      images.close();
      targets.close();
    }
  }

  // ---- two convolutions with a norm between ----

  /** Where cuDNN can normalise what it reads: 5x7 images of 16 channels, stride 2 and padding. */
  @Test
  void aDeferredNormHasTheResultsAndGradientsOfOneThatIsComputed() {
    Chain chain = new Chain(16, Conv2dGeometry.of(2, 1, 1), DType.F16, 0);
    var before = h100.graphRuns();
    List<float[]> fused = chain.on(h100);
    assertEquals(
        Map.of(SUMS, 1L, NORMALISES, 1L, NORMALISES_BACK, 1L, PLAIN_BACK, 1L),
        runsSince(h100, before));
    assertClose(chain.on(t4), fused, 4 * HALF);
  }

  @Test
  void aMeanFarFromZeroIsTakenOff() {
    // 20 deviations, which the graph scales in halves before it takes them off.
    Chain chain = new Chain(16, Conv2dGeometry.of(1, 1, 1), DType.F16, 20);
    assertClose(chain.on(t4), chain.on(h100), 20 * HALF);
  }

  @Test
  void channelsThatNoGradientIsPlannedForAreNormalisedByOurKernel() {
    Chain chain = new Chain(12, Conv2dGeometry.of(1, 1, 1), DType.F16, 0);
    var before = h100.graphRuns();
    List<float[]> fused = chain.on(h100);
    assertEquals(Map.of(SUMS, 2L, PLAIN_BACK, 2L), runsSince(h100, before));
    assertClose(chain.on(t4), fused, SINGLE);
  }

  @Test
  void bfloat16IsOnlySummed() {
    Chain chain = new Chain(16, Conv2dGeometry.of(1, 1, 1), DType.BF16, 0);
    var before = h100.graphRuns();
    List<float[]> fused = chain.on(h100);
    assertEquals(Map.of(SUMS, 2L, PLAIN_BACK, 2L), runsSince(h100, before));
    assertClose(chain.on(t4), fused, SINGLE);
  }

  @Test
  void fp32IsNotFusedSinceCudnnWouldRoundItToTf32() {
    Chain chain = new Chain(16, Conv2dGeometry.of(1, 1, 1), DType.F32, 0);
    var before = h100.graphRuns();
    List<float[]> onHopper = chain.on(h100);
    assertEquals(Map.of(PLAIN, 2L, "filter gradient", 2L), runsSince(h100, before));
    assertClose(chain.on(TestDevices.cpu()), onHopper, SINGLE);
  }

  /** Each result by itself, with the {@link #error} that it may have. */
  private static void assertClose(List<float[]> want, List<float[]> got, double tolerance) {
    assertEquals(want.size(), got.size());
    for (int i = 0; i < want.size(); i++) {
      double e = error(Map.of("", want.get(i)), Map.of("", got.get(i)));
      assertTrue(e < tolerance, "result " + i + " is off by " + e);
    }
  }

  /**
   * {@code conv(relu(norm(conv(x))))} and a norm. What the ReLU reads stays away from 0: to which
   * side of it a number is rounded would count whole in a gradient.
   *
   * @param channels of all images
   * @param mean of the images, which deviate from it by about 1
   */
  private record Chain(int channels, Conv2dGeometry second, DType type, float mean) {
    private static final float EPS = 1e-5f;

    /** Result, its gradient's way back to all operands, and running statistics of both norms. */
    List<float[]> on(Backend b) {
      try (var _ = TestDevices.noLeaks(b)) {
        List<Variable> leaves = new ArrayList<>();
        Variable images = leaf(leaves, b, apart(1, mean, 1, 3, channels, 5, 7));
        Variable w1 = leaf(leaves, b, identity());
        Variable w2 = leaf(leaves, b, normal(3, channels, channels, 3, 3));
        Variable scale = leaf(leaves, b, apart(4, 0, 1, channels));
        Variable shift = leaf(leaves, b, apart(5, 0, 0.25f, channels));
        List<float[]> out = new ArrayList<>();
        try (Tape tape = Tape.training(b).withAutocast(type);
            Tensor runningMean = b.memory().zeros(DType.F32, Shape.of(channels));
            Tensor runningVariance = b.memory().zeros(DType.F32, Shape.of(channels))) {
          var first = Conv2dOp.applyForNorm(tape, images, w1, Conv2dGeometry.of(1, 0, 1));
          var running = new Running(new Statistics(runningMean, runningVariance), null, 0.1f);
          Variable z =
              BatchNorm.train(
                  tape,
                  first,
                  new BatchNorm.Affine(scale, shift, EPS),
                  running,
                  After.RELU_FOR_CONVOLUTION);
          var y = Conv2dOp.applyForNorm(tape, z, w2, second);
          Variable n =
              BatchNorm.train(tape, y, new BatchNorm.Affine(null, null, EPS), null, After.NOTHING);
          out.add(b.memory().download(n.value()).toFloats());
          out.add(b.memory().download(runningMean).toFloats());
          out.add(b.memory().download(runningVariance).toFloats());
          try (Tensor dy = b.memory().upload(normal(6, n.shape().dims()))) {
            tape.backward(n, b.memory().toLayoutOf(dy, n.value()));
          }
        }
        for (Variable leaf : leaves) {
          out.add(b.memory().download(leaf.grad()).toFloats());
          leaf.close();
        }
        return out;
      }
    }

    private HostTensor identity() {
      float[] v = new float[channels * channels];
      for (int i = 0; i < channels; i++) {
        v[i * channels + i] = 1;
      }
      return HostTensor.of(v, channels, channels, 1, 1);
    }

    /** Around {@code mean}, but {@code by} to 1.25 times that away from it. */
    private static HostTensor apart(long seed, float mean, float by, long... dims) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] v = new float[Math.toIntExact(Shape.of(dims).elements())];
      for (int i = 0; i < v.length; i++) {
        v[i] = mean + (random.nextBoolean() ? by : -by) * random.nextFloat(1, 1.25f);
      }
      return HostTensor.of(v, dims);
    }

    private static Variable leaf(List<Variable> leaves, Backend b, HostTensor v) {
      leaves.add(new Variable(b.memory().upload(v), true));
      return leaves.getLast();
    }
  }

  private static HostTensor normal(long seed, long... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[Math.toIntExact(Shape.of(dims).elements())];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(v, dims);
  }
}
