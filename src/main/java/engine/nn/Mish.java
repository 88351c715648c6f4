package engine.nn;

import engine.autograd.Activate;
import engine.autograd.Add;
import engine.autograd.Cast;
import engine.autograd.Div;
import engine.autograd.Mul;
import engine.autograd.Scale;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.tensor.DType;

/**
 * {@code x * tanh(softplus(x))} (Misra 2020), made of other ops: with {@code q = sigmoid(-x)} it is
 * {@code 1 + e^x = 1 / q}, and so {@code tanh(softplus(x)) = (1 - q^2) / (1 + q^2)}. No exponential
 * overflows in it.
 */
public final class Mish extends Module {
  /**
   * @return of the shape and type of x; computed in fp32, as PyTorch does, and rounded once
   */
  @Override
  public Variable forward(Tape tape, Variable x) {
    return tape.within(x, in -> mish(tape, in));
  }

  private static Variable mish(Tape tape, Variable x) {
    Variable wide = Cast.apply(tape, x, DType.F32);
    Variable s = Activate.apply(tape, Activation.SIGMOID, wide);
    Variable q = Activate.apply(tape, Activation.SIGMOID, Scale.apply(tape, wide, -1));
    Variable one = Add.apply(tape, s, q);
    // 1 - q^2 = s * (1 + q), which keeps its digits where q is nearly 1.
    Variable above = Mul.apply(tape, s, Add.apply(tape, one, q));
    Variable below = Add.apply(tape, one, Mul.apply(tape, q, q));
    Variable y = Mul.apply(tape, wide, Div.apply(tape, above, below));
    return Cast.apply(tape, y, x.dtype());
  }
}
