package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.autograd.BatchNorm.After;
import engine.backend.Activation;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An {@link Activation}, element by element. */
public record Activate(Activation function) implements Operation {
  /** Of every function, in the order of {@link Activation}. */
  static final List<Identity> IDENTITIES =
      Arrays.stream(Activation.values())
          .map(f -> new Identity(f.name().toLowerCase(Locale.ROOT), Autocast.AS_GIVEN))
          .toList();

  @Override
  public Identity identity() {
    return IDENTITIES.get(function.ordinal());
  }

  /** One a number, whatever the function. */
  @Override
  public long flops(Call call) {
    return call.written();
  }

  /** A ReLU that is held back: it can be part of what gives x. */
  private record Relu(Variable x) implements Held {
    @Override
    public List<Variable> reads() {
      return List.of(x);
    }

    @Override
    public Variable compute(Tape tape, After after) {
      return after.isNothing() ? with(tape, After.RELU) : null;
    }

    @Override
    public Variable computeForConvolution(Tape tape) {
      return with(tape, After.RELU_FOR_CONVOLUTION);
    }

    private Variable with(Tape tape, After relu) {
      Held before = x.takeIn();
      Variable y = before == null ? null : before.compute(tape, relu);
      return y == null ? now(tape, Activation.RELU, x) : y;
    }
  }

  /**
   * @return f(x), of the shape, type and layout of x
   */
  public static Variable apply(Tape tape, Activation f, Variable x) {
    return f == Activation.RELU && x.isOpen() ? tape.hold(new Relu(x), x.shape()) : now(tape, f, x);
  }

  static Variable now(Tape tape, Activation f, Variable x) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.activation(f, x.value());
    return tape.record(
        new Activate(f),
        operands(x),
        y,
        dy ->
            tape.accumulate(
                x, elementwise.activationBackward(f, f.gradientFromOutput() ? y : x.value(), dy)));
  }
}
