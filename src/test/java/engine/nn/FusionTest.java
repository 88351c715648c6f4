package engine.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import engine.TestDevices;
import engine.autograd.Activate;
import engine.autograd.Add;
import engine.autograd.BatchNorm;
import engine.autograd.MaxPool2d;
import engine.autograd.Operation;
import engine.autograd.Tape;
import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.PoolGeometry;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model is written as its mathematics; what is read by whom decides what is done in one pass. */
final class FusionTest {
  private static final float CLOSE = 1e-5f;

  private final Backend cpu = TestDevices.cpu();
  private final Pair first = new Pair(1);
  private final Pair second = new Pair(2);

  /** A convolution and its norm, for images of three channels. */
  private final class Pair extends Module {
    final Conv2d conv;
    final BatchNorm2d norm;

    Pair(long seed) {
      conv = child("conv", new Conv2d(cpu, 3, 3, 3, 1, 1, new SplittableRandom(seed)));
      norm = child("norm", new BatchNorm2d(cpu, 3, 1));
      pair(conv, norm);
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return norm.forward(tape, conv.forward(tape, x));
    }

    long batches() {
      return cpu.memory().download(buffers().get("norm.num_batches_tracked")).toLongs()[0];
    }
  }

  /** Notes the ops that ran. */
  private static final class Ran implements TapeObserver {
    final List<Operation> ops = new ArrayList<>();

    @Override
    public void forward(Op op, Variable output) {
      ops.add(op.operation());
    }

    @Override
    public void backward(Op op, Variable of, String name, Tensor gradient) {}

    List<String> names() {
      return ops.stream().map(Operation::name).toList();
    }

    List<Boolean> forConvolution() {
      return ops.stream()
          .filter(BatchNorm.Train.class::isInstance)
          .map(o -> ((BatchNorm.Train) o).forConvolution())
          .toList();
    }
  }

  private final Ran ran = new Ran();

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private Tape training() {
    return Tape.training(cpu).withObserver(ran, Map.of());
  }

  private Tape inference() {
    return Tape.inference(cpu).withObserver(ran, Map.of());
  }

  private Variable images(Tape tape) {
    SplittableRandom random = new SplittableRandom(3);
    float[] pixels = new float[2 * 3 * 6 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return tape.constant(cpu.memory().upload(HostTensor.of(pixels, 2, 3, 6, 6)));
  }

  private static Variable relu(Tape tape, Variable x) {
    return Activate.apply(tape, Activation.RELU, x);
  }

  private float[] values(Variable v) {
    return cpu.memory().download(v.value()).toFloats();
  }

  /** A block whose steps are shown to {@code seen} as they are written. */
  private Variable block(Tape tape, Variable x, UnaryOperator<Variable> seen) {
    Variable a = seen.apply(relu(tape, seen.apply(first.forward(tape, x))));
    Variable sum = Add.apply(tape, seen.apply(second.forward(tape, a)), x);
    return relu(tape, seen.apply(sum));
  }

  private Variable compute(Variable v) {
    v.value();
    return v;
  }

  @Test
  void aNormTakesInTheSumAndTheReluAfterIt() {
    float[] fused;
    try (Tape tape = training()) {
      fused = values(block(tape, images(tape), v -> v));
    }
    assertEquals(List.of("conv2d", "batch_norm", "conv2d", "batch_norm"), ran.names());
    assertEquals(1, second.batches());
    ran.ops.clear();
    try (Tape tape = training()) {
      assertArrayEquals(values(block(tape, images(tape), this::compute)), fused, CLOSE);
    }
    assertEquals(
        List.of("conv2d", "batch_norm", "relu", "conv2d", "batch_norm", "add", "relu"),
        ran.names(),
        "what somebody looked at is computed as it was written");
  }

  @Test
  void atInferenceAFoldedConvolutionTakesInAll() {
    float[] plain;
    try (Tape tape = Tape.inference(cpu)) {
      plain = values(block(tape, images(tape), this::compute));
    }
    first.foldNorms(cpu);
    second.foldNorms(cpu);
    try (Tape tape = inference()) {
      Variable x = images(tape);
      float[] before = values(x);
      assertArrayEquals(plain, values(block(tape, x, v -> v)), CLOSE);
      assertArrayEquals(before, values(x), 0, "the caller's values stay as they are");
    }
    assertEquals(List.of("conv2d_infer", "conv2d_infer"), ran.names());
  }

  @Test
  void whatIsReadTwiceIsComputedOnceAndByItself() {
    try (Tape tape = training()) {
      Variable z = first.forward(tape, images(tape));
      values(Add.apply(tape, relu(tape, z), z));
    }
    assertEquals(List.of("conv2d", "batch_norm", "relu", "add"), ran.names());
    assertEquals(1, first.batches());
  }

  @Test
  void whatBecamePartOfAnotherIsStillThereForWhoAsksLater() {
    try (Tape tape = training()) {
      Variable x = images(tape);
      Variable z = first.forward(tape, x);
      float[] y = values(relu(tape, z));
      float[] late = values(z);
      for (int i = 0; i < y.length; i++) {
        assertEquals(y[i], Math.max(0, late[i]), CLOSE);
      }
    }
    assertEquals(1, first.batches(), "the statistics have seen the batch once");
  }

  @Test
  void aReluIsLeftToAConvolutionThatAloneReadsIt() {
    try (Tape tape = training()) {
      Variable x = images(tape);
      values(second.forward(tape, relu(tape, first.forward(tape, x))));
      assertEquals(List.of(true, false), ran.forConvolution());

      ran.ops.clear();
      Variable twice = relu(tape, first.forward(tape, x));
      values(Add.apply(tape, second.forward(tape, twice), twice));
      assertEquals(List.of(false, false), ran.forConvolution());

      ran.ops.clear();
      Variable pooled = relu(tape, first.forward(tape, x));
      values(MaxPool2d.apply(tape, pooled, PoolGeometry.of(2, 2, 0)));
      assertEquals(List.of(false), ran.forConvolution());

      ran.ops.clear();
      Variable layers = tape.within(x, in -> relu(tape, first.forward(tape, in)));
      values(second.forward(tape, layers));
      assertEquals(List.of(false, false), ran.forConvolution(), "a layer's result is computed");
    }
  }

  @Test
  void atInferenceAValueGoesWithItsLastReaderAndComesBackForWhoAsksNevertheless() {
    try (var _ = TestDevices.noLeaks(cpu);
        Tape tape = inference()) {
      Variable x = images(tape);
      Variable a = relu(tape, first.forward(tape, x));
      Variable y = second.forward(tape, a);
      values(y);
      assertFalse(a.isComputed());
      assertArrayEquals(values(relu(tape, first.forward(tape, x))), values(a), 0);
    }
  }

  @Test
  void gradientsAreThoseOfTheStepsOneByOne() {
    float[][] gradients = new float[2][];
    for (int i = 0; i < 2; i++) {
      UnaryOperator<Variable> seen = i == 0 ? v -> v : this::compute;
      first.conv.weight().clearGrad();
      try (Tape tape = training()) {
        Variable y = block(tape, images(tape), seen);
        float[] dy = new float[(int) y.shape().elements()];
        for (int k = 0; k < dy.length; k++) {
          dy[k] = k % 7 - 3;
        }
        tape.backward(y, cpu.memory().upload(HostTensor.of(dy, y.shape().dims())));
      }
      gradients[i] = cpu.memory().download(first.conv.weight().grad()).toFloats();
    }
    assertArrayEquals(gradients[1], gradients[0], 1e-3f);
  }
}
