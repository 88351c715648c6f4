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
    Variable wide = Cast.apply(tape, x, DType.F32);
    Variable s = Activate.apply(tape, Activation.SIGMOID, wide);
    Variable minus = Scale.apply(tape, wide, -1);
    Variable q = Activate.apply(tape, Activation.SIGMOID, minus);
    tape.done(minus);
    Variable one = Add.apply(tape, s, q);
    Variable onePlusQ = Add.apply(tape, one, q);
    // 1 - q^2 = s * (1 + q), which keeps its digits where q is nearly 1.
    Variable above = Mul.apply(tape, s, onePlusQ);
    tape.done(s);
    tape.done(onePlusQ);
    Variable square = Mul.apply(tape, q, q);
    tape.done(q);
    Variable below = Add.apply(tape, one, square);
    tape.done(one);
    tape.done(square);
    Variable gate = Div.apply(tape, above, below);
    tape.done(above);
    tape.done(below);
    Variable y = Mul.apply(tape, wide, gate);
    tape.done(gate);
    Variable out = Cast.apply(tape, y, x.dtype());
    if (wide != x) {
      tape.done(wide);
      tape.done(y);
    }
    return out;
  }
}
