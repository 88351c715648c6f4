package engine.nn;

import engine.autograd.BatchNorm.After;
import engine.autograd.Held;
import engine.autograd.LinearOp;
import engine.autograd.LinearRelu;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.List;
import java.util.random.RandomGenerator;

/** A fully connected layer with bias. */
public final class Linear extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private Rounding rounding;
  private String name;

  /** Initialised as PyTorch's: both uniform within 1/sqrt(inputs). */
  public Linear(Backend backend, int in, int out, RandomGenerator random) {
    this(backend, in, out, 1 / Math.sqrt(in), 1 / Math.sqrt(in), random);
  }

  /**
   * @param bound weights are uniform within it
   * @param biasBound biases are uniform within it; 0 for zeros
   */
  public Linear(
      Backend backend, int in, int out, double bound, double biasBound, RandomGenerator random) {
    this(
        backend,
        Init.uniform(Shape.of(out, in), bound, random),
        Init.uniform(Shape.of(out), biasBound, random));
  }

  /**
   * With given initial values.
   *
   * @param w [out, in]
   * @param b [out]
   */
  public Linear(Backend backend, HostTensor w, HostTensor b) {
    weight = parameter("weight", new Parameter(backend.memory().upload(w), true));
    bias = parameter("bias", new Parameter(backend.memory().upload(b), false));
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return tape.hold(new Product(this, x), Shape.of(x.shape().dim(0), weight.shape().dim(0)));
  }

  /** The product, which waits for its ReLU. */
  private record Product(Linear layer, Variable x) implements Held {
    @Override
    public List<Variable> reads() {
      return List.of(x);
    }

    @Override
    public Variable compute(Tape tape, After after) {
      if (after.residual() != null || after.relu() && layer.rounding != null) {
        return null;
      }
      if (layer.rounding != null) {
        return layer.rounded(tape, x);
      }
      return after.relu()
          ? LinearRelu.apply(tape, x, layer.weight, layer.bias)
          : LinearOp.apply(tape, x, layer.weight, layer.bias);
    }
  }

  private Variable rounded(Tape tape, Variable x) {
    Variable in = rounding.operand(tape, name, x);
    return LinearOp.apply(tape, in, rounding.weight(tape, name, weight), bias);
  }

  /** See {@link Module#roundWith}. */
  void roundWith(Rounding r, String layer) {
    rounding = r;
    name = layer;
  }
}
