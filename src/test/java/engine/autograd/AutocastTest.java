package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The policy of mixed precision on a tape. */
final class AutocastTest {
  private static final DType HALF = DType.BF16;

  @OnEveryDevice
  void aTensorIsCastOnceHoweverManyOpsReadIt(Backend backend) {
    try (var _ = TestDevices.noLeaks(backend);
        Tape tape = Tape.training(backend).withAutocast(HALF)) {
      Variable x = leaf(backend, 1.00390625f, -2, 3);
      Variable a = tape.operand("conv2d", x);
      assertEquals(HALF, a.value().dtype());
      assertSame(a, tape.operand("linear", x));
      assertEquals(1, tape.casts());
      assertSame(a, tape.operand("relu", a), "taken as given");
      assertSame(x, tape.operand("relu", x), "taken as given");
      Variable wide = tape.operand("softmax", a);
      assertEquals(DType.F32, wide.value().dtype());
      assertSame(wide, tape.operand("crossEntropy", a));
      assertEquals(2, tape.casts());
      x.close();
    }
  }

  @OnEveryDevice
  void theGradientsOfAllReadersOfACastComeBackThroughIt(Backend backend) {
    Variable x = leaf(backend, 1, -2, 3);
    try (var _ = TestDevices.noLeaks(backend)) {
      try (Tape tape = Tape.training(backend).withAutocast(HALF)) {
        Variable a = Cast.apply(tape, tape.operand("conv2d", x), DType.F32);
        Variable b = Cast.apply(tape, tape.operand("linear", x), DType.F32);
        Variable y =
            Sum.apply(tape, Add.apply(tape, Scale.apply(tape, a, 2), b), new int[] {0}, false);
        tape.backward(y, 1);
      }
      assertEquals(DType.F32, x.grad().dtype());
      float[] g = backend.memory().download(x.grad()).toFloats();
      assertEquals(List.of(3f, 3f, 3f), List.of(g[0], g[1], g[2]));
      x.clearGrad();
    }
    x.close();
  }

  @OnEveryDevice
  void withoutThePolicyNothingIsCast(Backend backend) {
    try (Tape tape = Tape.training(backend).withAutocast(DType.F32)) {
      Variable x = leaf(backend, 1, 2, 3);
      assertSame(x, tape.operand("conv2d", x));
      assertEquals(0, tape.casts());
      x.close();
    }
  }

  @Test
  void anOpOutsideThePolicyIsAnErrorRatherThanAGuess() {
    assertThrows(
        IllegalArgumentException.class, () -> Autocast.type("newOp", DType.F32, DType.BF16));
  }

  /** Whoever writes an op that multiplies or sums decides what it computes in. */
  @Test
  void everyOpOfTheTapeHasALineInThePolicy() throws IOException {
    TreeSet<String> known = new TreeSet<>();
    Autocast.policy().forEach(e -> known.addAll(e.ops()));
    Pattern recorded = Pattern.compile("record\\(\\s*(?:tape,\\s*)?\"(\\w+)\"");
    int found = 0;
    try (Stream<Path> files = Files.list(Path.of("src/main/java/engine/autograd"))) {
      for (Path f : files.toList()) {
        Matcher m = recorded.matcher(Files.readString(f));
        while (m.find()) {
          String op = m.group(1);
          if (!op.equals("cast") && !op.equals("constant") && !op.startsWith("fakeQuantize")) {
            assertTrue(known.contains(op), op + " in " + f);
            found++;
          }
        }
      }
    }
    assertTrue(found > 20, "ops found: " + found);
  }

  private static Variable leaf(Backend backend, float... values) {
    return new Variable(
        backend.memory().upload(HostTensor.of(values, Shape.of(values.length).dims())), true);
  }
}
