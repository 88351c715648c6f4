package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.autograd.BatchNorm.After;
import engine.backend.Activation;
import engine.backend.Elementwise.Binary;
import engine.tensor.DType;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/** a + b, broadcast by NumPy's rule. */
public record Add() implements Operation {
  static final Identity IDENTITY = new Identity("add", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public boolean keeps(int i) {
    return false;
  }

  @Override
  public long flops(Call call) {
    return call.written();
  }

  /**
   * A sum that is held back: with the ReLU after it, it can be part of the norm that gives {@code
   * a}.
   */
  private record Residual(Variable a, Variable b) implements Held {
    @Override
    public List<Variable> reads() {
      return List.of(a, b);
    }

    @Override
    public Variable compute(Tape tape, After after) {
      if (after.residual() != null) {
        return null;
      }
      Held before = after.relu() ? a.takeIn() : null;
      Variable y = before == null ? null : before.compute(tape, After.addRelu(b));
      if (y != null) {
        return y;
      }
      Variable sum = now(tape, a, b);
      return after.relu() ? Activate.now(tape, Activation.RELU, sum) : sum;
    }
  }

  /**
   * @param a with a norm's result here and a ReLU after the sum, all three are done in one pass
   */
  public static Variable apply(Tape tape, Variable a, Variable b) {
    return a.isOpen() && a.shape().equals(b.shape())
        ? tape.hold(new Residual(a, b), a.shape())
        : now(tape, a, b);
  }

  private static Variable now(Tape tape, Variable a, Variable b) {
    Tensor y = tape.backend().elementwise().binary(Binary.ADD, a.value(), b.value());
    Term first = Term.of(a);
    Term second = Term.of(b);
    return tape.record(
        new Add(),
        operands(a, b),
        y,
        dy -> {
          first.pass(tape, dy);
          second.pass(tape, dy);
        });
  }

  /** A term as the backward knows it, which does not read its values. */
  private record Term(Variable v, Shape shape, DType dtype, Layout layout) {
    static Term of(Variable v) {
      Tensor t = v.value();
      return new Term(v, t.shape(), t.dtype(), t.layout());
    }

    void pass(Tape tape, Tensor dy) {
      if (v.requiresGrad()) {
        boolean alike =
            dy.shape().equals(shape) && dy.dtype() == dtype && dy.layout().equals(layout);
        tape.accumulate(v, alike ? dy.retain() : tape.backend().elementwise().sumTo(dy, v.value()));
      }
    }
  }
}
