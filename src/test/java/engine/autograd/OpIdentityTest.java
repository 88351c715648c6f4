package engine.autograd;

import static engine.autograd.Inputs.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import engine.TestDevices;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Losses.Reduction;
import engine.backend.Normalizations.Statistics;
import engine.backend.PoolGeometry;
import engine.backend.Quantizers.QuantRange;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every op has one name, one rule of mixed precision, and the right FLOPs and bytes. */
final class OpIdentityTest {
  /** Ops that PyTorch does not have, by the one whose rule is theirs. */
  private static final Map<String, String> LIKE =
      Map.of("conv2d_infer", "conv2d", "linear_relu", "linear", "label_smoothing_kl", "kl_div");

  /** Computed in fp32 here, too, but by the kernel, as it reads half numbers. */
  private static final Set<String> FULL_WITHIN = Set.of("sum", "layer_norm");

  private static final Conv2dGeometry CONV = new Conv2dGeometry(2, 2, 1, 1, 1, 1, 2);

  private static final Backend CPU = TestDevices.cpu();

  private interface Work {
    void run(Tape tape);
  }

  private final Set<String> counted = new TreeSet<>();

  @Test
  void everyOpIsListed() throws ReflectiveOperationException {
    int found = 0;
    Set<Object> listed = new HashSet<>(Ops.all());
    for (JavaClass c : operations()) {
      Class<?> op = c.reflect();
      assertTrue(op.isRecord(), op + " is a record of its settings");
      assertTrue(listed.containsAll(identities(op)), op + " is missing in Ops");
      found++;
    }
    assertTrue(found > 30, "ops found: " + found);
  }

  private static List<JavaClass> operations() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("engine.autograd")
            .stream()
            .filter(c -> c.isAssignableTo(Operation.class) && !c.isInterface())
            .toList();
  }

  private static List<?> identities(Class<?> op) throws ReflectiveOperationException {
    Class<?> file = op.getEnclosingClass() == null ? op : op.getEnclosingClass();
    return op == Activate.class
        ? Activate.IDENTITIES
        : List.of(file.getDeclaredField("IDENTITY").get(null));
  }

  /** Straight-through gradients are no slopes: the cases of quantisation hold them. */
  @Test
  void everyOpIsInTheGradientCheck() throws IOException {
    String check = Files.readString(Path.of("src/test/java/engine/autograd/OpGradientTest.java"));
    Set<String> without =
        Set.of(
            "ConvInfer", "LinearRelu", "FakeQuantize", "FakeQuantizeFolded", "FakeQuantizeLearned");
    for (JavaClass c : operations()) {
      Class<?> op = c.reflect();
      Class<?> file = op.getEnclosingClass() == null ? op : op.getEnclosingClass();
      String name = file.getSimpleName();
      assertTrue(
          without.contains(name) || check.matches("(?s).*\\b" + name + "\\.\\w+\\(.*"), name);
    }
  }

  @Test
  void noTwoOpsHaveOneName() {
    Set<String> names = new TreeSet<>();
    for (Operation.Identity i : Ops.all()) {
      assertTrue(names.add(i.name()), i.name());
      assertTrue(i.name().matches("[a-z][a-z0-9_]*"), i.name());
    }
  }

  @Test
  void everyOpComputesInWhatPyTorchComputesItIn() {
    for (Operation.Identity i : Ops.all()) {
      String torch = LIKE.getOrDefault(i.name(), i.name());
      Autocast expected = Autocast.AS_GIVEN;
      if (TorchAutocast.LOWER_PRECISION.contains(torch)) {
        expected = Autocast.HALF;
      } else if (TorchAutocast.FP32.contains(torch) && !FULL_WITHIN.contains(torch)) {
        expected = Autocast.FULL;
      }
      assertEquals(expected, i.autocast(), i.name());
    }
  }

  /** Counted by hand from the formulas; fp32, so 4 bytes a number. */
  @Test
  void everyOpCountsItsFlopsAndBytes() {
    // 2 x 6 x 3 x 3 results of 2 x 3 x 3 products each, each a multiplication and an addition.
    HostTensor images = normal(2, 4, 5, 6);
    HostTensor filters = normal(6, 2, 3, 3);
    count(
        "conv2d",
        108 * 18 * 2,
        4 * (240 + 108 + 6 + 108),
        t -> Conv2dOp.apply(t, in(t, images), in(t, filters), in(t, normal(6)), CONV));
    try (Tensor residual = up(normal(2, 6, 3, 3))) {
      count(
          Tape.inference(CPU),
          "conv2d_infer",
          108 * 18 * 2,
          4 * (240 + 108 + 6 + 108 + 108),
          t -> {
            Variable r = t.constant(residual.retain());
            Variable b = in(t, normal(6));
            ConvInfer.apply(t, in(t, images), in(t, filters), b, r, true, CONV);
          });
    }
    // 3 x 4 results of 5 products each.
    count(
        "linear",
        12 * 5 * 2,
        4 * (15 + 20 + 4 + 12),
        t -> LinearOp.apply(t, in(t, normal(3, 5)), in(t, normal(4, 5)), in(t, normal(4))));
    count(
        Tape.inference(CPU),
        "linear_relu",
        12 * 5 * 2,
        4 * (15 + 20 + 4 + 12),
        t -> LinearRelu.apply(t, in(t, normal(3, 5)), in(t, normal(4, 5)), in(t, normal(4))));
    norms();
    layerNorms();
    pools();
    reductions();
    arithmetic();
    roundings();
    losses();
    TreeSet<String> all = new TreeSet<>();
    Ops.all().forEach(i -> all.add(i.name()));
    assertEquals(all, counted, "every op is counted");
  }

  /** A number: added; squared and added; then the mean off, times, plus, and plus the residual. */
  private void norms() {
    HostTensor x = normal(4, 2, 3, 1);
    count(
        "batch_norm",
        24 * (1 + 2 + 3 + 1),
        4 * (24 + 24 + 2 + 2 + 24 + 24),
        t -> BatchNorm.train(t, in(t, x), affine(t), null, BatchNorm.After.addRelu(in(t, x))));
    count(
        "batch_norm",
        24 * 3,
        4 * (24 + 2 + 2 + 24),
        t ->
            BatchNorm.infer(
                t,
                in(t, x),
                affine(t),
                new Statistics(
                    in(t, normal(2)).value(), in(t, HostTensor.of(new float[] {1, 2}, 2)).value()),
                BatchNorm.After.NOTHING));
  }

  /** A number: added; squared and added; then the mean off, times, times, and plus. */
  private void layerNorms() {
    count(
        "layer_norm",
        24 * (1 + 2 + 4),
        4 * (24 + 2 + 2 + 24),
        t -> {
          Variable x = in(t, normal(4, 2, 3, 1));
          LayerNorm.apply(t, x, in(t, normal(2)), in(t, normal(2)), 1, 1e-6f);
        });
  }

  private static BatchNorm.Affine affine(Tape t) {
    return new BatchNorm.Affine(in(t, normal(2)), in(t, normal(2)), 1e-5f);
  }

  private void pools() {
    // 2 x 3 x 3 x 3 windows of 9.
    PoolGeometry three = PoolGeometry.of(3, 2, 1);
    count(
        "max_pool2d",
        54 * 8,
        4 * (180 + 54),
        t -> MaxPool2d.apply(t, in(t, normal(2, 3, 5, 6)), three));
    // 2 x 3 x 2 x 3 windows of 4: three additions, a division.
    PoolGeometry two = PoolGeometry.of(2, 2, 0);
    count(
        "avg_pool2d",
        36 * 4,
        4 * (144 + 36),
        t -> AvgPool2d.apply(t, in(t, normal(2, 3, 4, 6)), two, true));
    // Cells of 3 (rows 0-2, 2-4) by 2 (columns 0-1, 1-2, 2-3), in 2 channels.
    count(
        "adaptive_avg_pool2d",
        12 * 6,
        4 * (40 + 12),
        t -> AdaptiveAvgPool2d.apply(t, in(t, normal(1, 2, 5, 4)), 2, 3));
    count(
        "adaptive_max_pool2d",
        12 * 5,
        4 * (40 + 12),
        t -> AdaptiveMaxPool2d.apply(t, in(t, normal(1, 2, 5, 4)), 2, 3));
  }

  private void reductions() {
    HostTensor x = normal(2, 3, 4);
    int[] axes = {1, 2};
    count("mean", 2 * (11 + 1), 4 * (24 + 2), t -> Mean.apply(t, in(t, x), axes, false));
    count("sum", 2 * 11, 4 * (24 + 2), t -> Sum.apply(t, in(t, x), axes, false));
    count("amax", 2 * 11, 4 * (24 + 2), t -> Amax.apply(t, in(t, x), axes, true));
    count("max_dim", 8 * 2, 4 * (24 + 8), t -> MaxDim.apply(t, in(t, x), 1, false));
    // A row: 2 comparisons, 3 differences, 3 exponentials, 2 additions, 3 divisions.
    count("softmax", 2 * 13, 48, t -> Softmax.apply(t, in(t, normal(2, 3)), 1));
    // The same, but a logarithm, and differences for divisions.
    count("log_softmax", 2 * 14, 48, t -> LogSoftmax.apply(t, in(t, normal(2, 3)), -1));
  }

  private void arithmetic() {
    HostTensor a = normal(2, 3);
    HostTensor b = normal(3);
    count("add", 6, 4 * (6 + 3 + 6), t -> Add.apply(t, in(t, a), in(t, b)));
    count("sub", 6, 4 * (6 + 3 + 6), t -> Sub.apply(t, in(t, a), in(t, b)));
    count("mul", 6, 4 * (6 + 3 + 6), t -> Mul.apply(t, in(t, a), in(t, b)));
    count("div", 6, 4 * (6 + 3 + 6), t -> Div.apply(t, in(t, a), in(t, b)));
    count("scale", 6, 48, t -> Scale.apply(t, in(t, a), 2));
    for (Activation f : Activation.values()) {
      String name = new Activate(f).name();
      count(name, 6, 48, t -> Activate.apply(t, f, in(t, a)));
    }
    count("concat", 0, 4 * (6 + 4 + 10), t -> Concat.apply(t, 1, in(t, a), in(t, normal(2, 2))));
    count("reshape", 0, 0, t -> Reshape.apply(t, in(t, a), Shape.of(6)));
    count("cast", 0, 6 * 4 + 6 * 2, t -> Cast.apply(t, in(t, a), DType.BF16));
    HostTensor keep = HostTensor.of(new float[] {1, 0, 1, 1, 1, 0}, 2, 3);
    count("dropout", 6, 48, t -> Dropout.apply(t, in(t, a), in(t, keep).value(), 0.5f));
    HostTensor rows = HostTensor.of(new float[] {1, 0}, 2, 1);
    count(
        "stochastic_depth",
        6,
        48,
        t -> StochasticDepth.apply(t, in(t, a), in(t, rows).value(), 0.5f));
  }

  /** Divide, add the zero point, round, no less, no more, less the zero point, times. */
  private void roundings() {
    HostTensor a = normal(2, 3);
    HostTensor one = HostTensor.of(new float[] {1}, 1);
    HostTensor ones = HostTensor.of(new float[] {1, 1}, 2);
    HostTensor zero = HostTensor.of(new int[1], 1);
    HostTensor zeros = HostTensor.of(new int[2], 2);
    count(
        "fake_quantize",
        6 * 7,
        48,
        t -> {
          var grid = new QuantRange(-1, in(t, one).value(), in(t, zero).value(), -8, 7);
          FakeQuantize.apply(t, in(t, a), grid);
        });
    // And times the norm's factor before, divided by it behind.
    count(
        "fake_quantize_folded",
        6 * 9,
        4 * (6 + 2 + 6),
        t -> {
          var grid = new QuantRange(0, in(t, ones).value(), in(t, zeros).value(), -8, 7);
          Tensor tiny = in(t, one).value();
          FakeQuantizeFolded.apply(t, in(t, a), in(t, ones), up(a), up(ones), grid, tiny);
        });
    count(
        "fake_quantize_learned",
        6 * 7,
        4 * (6 + 1 + 1 + 6),
        t -> FakeQuantizeLearned.apply(t, in(t, a), in(t, one), in(t, normal(1)), -8, 7, 1));
  }

  /** Behind the 28 of a log-softmax of 2 rows of 3; the mean of two is an addition, a division. */
  private void losses() {
    HostTensor logits = normal(2, 3);
    HostTensor classes = HostTensor.of(new int[] {0, 2}, 2);
    HostTensor q = HostTensor.of(new float[] {0.5f, 0.25f, 0.25f, 0, 0.5f, 0.5f}, 2, 3);
    int bytes = 4 * (6 + 1);
    count(
        "cross_entropy",
        28 + 2,
        bytes,
        t -> CrossEntropy.apply(t, in(t, logits), in(t, classes).value(), 0));
    // A row: 3 products, 2 additions.
    count(
        "cross_entropy",
        28 + 2 * 5 + 2,
        bytes,
        t -> CrossEntropy.apply(t, in(t, logits), in(t, classes).value(), 0.1f));
    count(
        "cross_entropy",
        28 + 2 * 5,
        4 * (6 + 2),
        t -> CrossEntropy.soft(t, in(t, logits), in(t, q).value(), 0, Reduction.NONE));
    // A row: 3 logarithms, 3 differences, 3 products, 2 additions.
    count(
        "kl_div",
        28 + 2 * 11 + 2,
        bytes,
        t -> KlDivergence.apply(t, in(t, logits), in(t, q).value()));
    // A row: 3 products, 2 additions, and less the entropy.
    count(
        "label_smoothing_kl",
        28 + 2 * 6 + 2,
        bytes,
        t -> LabelSmoothingKl.apply(t, in(t, logits), in(t, classes).value(), 0.1f));
  }

  private void count(String name, long flops, long bytes, Work work) {
    count(Tape.training(CPU), name, flops, bytes, work);
  }

  private void count(Tape fresh, String name, long flops, long bytes, Work work) {
    List<TapeObserver.Op> seen = new ArrayList<>();
    TapeObserver observer =
        new TapeObserver() {
          @Override
          public void forward(Op op, Variable output) {
            seen.add(op);
          }

          @Override
          public void backward(Op op, Variable of, String parameter, Tensor gradient) {}
        };
    try (Tape tape = fresh.withObserver(observer, Map.of())) {
      work.run(tape);
    }
    assertEquals(1, seen.size(), name + " is one op");
    TapeObserver.Op op = seen.getFirst();
    assertEquals(name, op.name());
    assertEquals(flops, op.operation().flops(op.call()), name + " FLOPs of " + op.call());
    assertEquals(bytes, op.operation().bytes(op.call()), name + " bytes of " + op.call());
    counted.add(name);
  }

  private static Tensor up(HostTensor values) {
    return CPU.memory().upload(values);
  }

  /** A leaf that the tape closes. */
  private static Variable in(Tape tape, HostTensor values) {
    return tape.constant(up(values));
  }
}
