package engine.autograd;

import static engine.autograd.Tape.operands;

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

  /**
   * @return f(x), of the shape, type and layout of x
   */
  public static Variable apply(Tape tape, Activation f, Variable x) {
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
