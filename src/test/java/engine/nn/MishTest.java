package engine.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.autograd.Tape;
import engine.autograd.Trace;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.stream.Collectors;

/** Mish beyond what its gradient check and PyTorch's values hold. */
final class MishTest {
  private static final float[] VALUES = {-30, -3.5f, -0.25f, 0, 0.75f, 2, 40};

  /** Rounded at every one of its ops it would lose a digit. */
  @OnEveryDevice
  void halfNumbersAreComputedInFp32AndRoundedOnce(Backend b) {
    try (var _ = TestDevices.noLeaks(b);
        Tape tape = Tape.inference(b);
        Tensor x = b.memory().upload(HostTensor.of(VALUES, VALUES.length))) {
      Variable half = tape.constant(b.memory().cast(x, DType.BF16));
      Variable y = new Mish().forward(tape, half);
      assertEquals(DType.BF16, y.dtype());
      Variable wide =
          new Mish().forward(tape, tape.constant(b.memory().cast(half.value(), DType.F32)));
      try (Tensor once = b.memory().cast(wide.value(), DType.BF16)) {
        assertArrayEquals(
            b.memory().download(once).toFloats(), b.memory().download(y.value()).toFloats());
      }
    }
  }

  @OnEveryDevice
  void inferenceFreesWhatLiesBetween(Backend b) {
    try (Tape tape = Tape.inference(b)) {
      Variable x = tape.constant(b.memory().upload(HostTensor.of(VALUES, VALUES.length)));
      long before = b.memory().liveTensors();
      new Mish().forward(tape, x);
      assertEquals(before + 1, b.memory().liveTensors());
    }
  }

  /** Other programs that read an exported network know all of these. */
  @OnEveryDevice
  void itIsMadeOfOpsThatOnnxHas(Backend b) {
    Trace trace = new Trace();
    try (Tape tape = Tape.inference(b).withTrace(trace)) {
      new Mish()
          .forward(tape, tape.constant(b.memory().upload(HostTensor.of(VALUES, VALUES.length))));
    }
    assertEquals(
        "sigmoid scale sigmoid add add mul mul add div mul",
        trace.steps().stream().map(s -> s.operation().name()).collect(Collectors.joining(" ")));
    assertEquals("scale(F32 [7]) -> F32 [7]", trace.steps().get(1).toString());
  }
}
