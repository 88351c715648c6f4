package engine.autograd;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.backend.Backend;
import engine.backend.UnsupportedOnDeviceException;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import org.junit.jupiter.api.function.Executable;

/** Shapes and values that do not fit end in a sentence that says what does not fit. */
final class OpErrorsTest {
  @OnEveryDevice
  void aClassThatTheLogitsLackIsNamed(Backend b) {
    try (Tape t = Tape.training(b)) {
      Variable logits = variable(t, 2, 3);
      Tensor targets = b.memory().upload(HostTensor.of(new int[] {0, 3}, 2));
      // A device that works behind the host's back says so when the loss is read.
      says("class 3 does not fit", () -> read(t, CrossEntropy.apply(t, logits, targets, 0)));
      says("class 3 does not fit", () -> read(t, LabelSmoothingKl.apply(t, logits, targets, 0.1f)));
      targets.close();
    }
  }

  @OnEveryDevice
  void shapesThatDoNotFitAreNamed(Backend b) {
    try (Tape t = Tape.training(b)) {
      Variable a = variable(t, 2, 3);
      Variable c = variable(t, 2, 4);
      says("[2, 3] and [2, 4] do not broadcast", () -> Add.apply(t, a, c));
      says("cannot reshape [2, 3]", () -> Reshape.apply(t, a, c.shape()));
      says("cannot concatenate", () -> Concat.apply(t, 0, a, c));
      says("has no axis 2", () -> Softmax.apply(t, a, 2));
      says("do not fit logits", () -> KlDivergence.apply(t, a, c.value()));
      says("between 0 and 1", () -> Dropout.apply(t.withRandom(a.value()), a, 1.5f));
      says("does not take an input [2, 3]", () -> LinearOp.apply(t, a, c, null));
    }
  }

  private static Variable variable(Tape t, long... shape) {
    return t.constant(t.backend().memory().upload(Inputs.normal(shape)));
  }

  private static void read(Tape t, Variable loss) {
    t.backend().memory().download(loss.value());
  }

  private static void says(String part, Executable work) {
    RuntimeException e = assertThrows(RuntimeException.class, work);
    if (e instanceof UnsupportedOnDeviceException) {
      throw e;
    }
    assertInstanceOf(IllegalArgumentException.class, e);
    String message = e.getMessage();
    assertTrue(message.contains(part), message);
  }
}
