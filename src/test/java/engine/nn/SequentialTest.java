package engine.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Activate;
import engine.autograd.MaxPool2d;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.PoolGeometry;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When values that layers made go, without a word from the model. */
final class SequentialTest {
  private static final PoolGeometry HALF = PoolGeometry.of(2, 2, 0);

  private final Backend cpu = TestDevices.cpu();

  /** Shows the test what it makes on the way. */
  private static final class Twice extends Module {
    final List<Variable> made = new ArrayList<>();

    @Override
    public Variable forward(Tape tape, Variable x) {
      made.add(Activate.apply(tape, Activation.RELU, x));
      made.add(Activate.apply(tape, Activation.RELU, made.getLast()));
      return made.getLast();
    }
  }

  /** Gives back what it got. */
  private static final class Identity extends Module {
    @Override
    public Variable forward(Tape tape, Variable x) {
      return x;
    }
  }

  private Variable images(Tape tape) {
    return tape.constant(cpu.memory().zeros(DType.F32, Shape.of(2, 3, 4, 4)));
  }

  @Test
  void inInferenceOnlyTheLastResultAndTheInputStay() {
    Twice first = new Twice();
    Twice second = new Twice();
    try (Tape tape = Tape.inference(cpu)) {
      Variable x = images(tape);
      Variable y = new Sequential().add(first).add(new Identity()).add(second).forward(tape, x);
      assertTrue(x.isComputed());
      assertTrue(y.isComputed());
      assertEquals(List.of(false, false), first.made.stream().map(Variable::isComputed).toList());
      assertFalse(second.made.getFirst().isComputed());
    }
  }

  @Test
  void whatAnOpKeptForItselfGoesWithItsLayer() {
    try (var _ = TestDevices.noLeaks(cpu);
        Tape tape = Tape.inference(cpu)) {
      Module pooled =
          new Module() {
            @Override
            public Variable forward(Tape t, Variable x) {
              return Activate.apply(t, Activation.RELU, MaxPool2d.apply(t, x, HALF));
            }
          };
      new Sequential().add(pooled).add(new Identity()).forward(tape, images(tape));
    }
  }

  @Test
  void whatABackwardMayReadStays() {
    Twice layer = new Twice();
    try (Tape tape = Tape.training(cpu)) {
      new Sequential().add(layer).forward(tape, images(tape));
      assertEquals(List.of(true, true), layer.made.stream().map(Variable::isComputed).toList());
    }
  }

  @Test
  void inTrainingANormsResultGoesWhenNoBackwardReadsIt() {
    var random = new SplittableRandom(1);
    try (BatchNorm2d norm = new BatchNorm2d(cpu, 3, 1);
        Conv2d conv = new Conv2d(cpu, 3, 3, 1, 1, 0, random);
        Tape tape = Tape.training(cpu)) {
      Variable pooledAlone =
          Activate.apply(tape, Activation.RELU, norm.forward(tape, images(tape)));
      MaxPool2d.apply(tape, pooledAlone, HALF);
      assertFalse(pooledAlone.isComputed());

      Variable convolved = Activate.apply(tape, Activation.RELU, norm.forward(tape, images(tape)));
      conv.forward(tape, convolved);
      MaxPool2d.apply(tape, convolved, HALF);
      assertTrue(convolved.isComputed());
    }
  }
}
