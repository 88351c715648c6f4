package engine.nn;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.Shape;
import java.util.random.RandomGenerator;

/**
 * A fully connected layer with bias, initialised as PyTorch's: both uniform within 1/sqrt(inputs).
 */
public final class Linear extends Module {
  private final Parameter weight;
  private final Parameter bias;

  public Linear(Backend backend, int in, int out, RandomGenerator random) {
    double bound = 1 / Math.sqrt(in);
    weight =
        parameter(
            "weight",
            new Parameter(
                backend.memory().upload(Init.uniform(Shape.of(out, in), bound, random)), true));
    bias =
        parameter(
            "bias",
            new Parameter(
                backend.memory().upload(Init.uniform(Shape.of(out), bound, random)), false));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return engine.autograd.Linear.apply(tape, x, weight, bias);
  }
}
