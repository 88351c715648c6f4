package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.List;

/** The policy of mixed precision on a tape. */
final class AutocastTest {
  private static final DType HALF = DType.BF16;
  private static final Operation.Identity RELU = new Activate(Activation.RELU).identity();

  @OnEveryDevice
  void aTensorIsCastOnceHoweverManyOpsReadIt(Backend backend) {
    try (var _ = TestDevices.noLeaks(backend);
        Tape tape = Tape.training(backend).withAutocast(HALF)) {
      Variable x = leaf(backend, 1.00390625f, -2, 3);
      Variable a = tape.operand(Conv2dOp.IDENTITY, x);
      assertEquals(HALF, a.value().dtype());
      assertSame(a, tape.operand(LinearOp.IDENTITY, x));
      assertEquals(1, tape.casts());
      assertSame(a, tape.operand(RELU, a), "taken as given");
      assertSame(x, tape.operand(RELU, x), "taken as given");
      Variable wide = tape.operand(Softmax.IDENTITY, a);
      assertEquals(DType.F32, wide.value().dtype());
      assertSame(wide, tape.operand(CrossEntropy.IDENTITY, a));
      assertEquals(2, tape.casts());
      x.close();
    }
  }

  @OnEveryDevice
  void theGradientsOfAllReadersOfACastComeBackThroughIt(Backend backend) {
    Variable x = leaf(backend, 1, -2, 3);
    try (var _ = TestDevices.noLeaks(backend)) {
      try (Tape tape = Tape.training(backend).withAutocast(HALF)) {
        Variable a = Cast.apply(tape, tape.operand(Conv2dOp.IDENTITY, x), DType.F32);
        Variable b = Cast.apply(tape, tape.operand(LinearOp.IDENTITY, x), DType.F32);
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
      assertSame(x, tape.operand(Conv2dOp.IDENTITY, x));
      assertEquals(0, tape.casts());
      x.close();
    }
  }

  private static Variable leaf(Backend backend, float... values) {
    return new Variable(
        backend.memory().upload(HostTensor.of(values, Shape.of(values.length).dims())), true);
  }
}
