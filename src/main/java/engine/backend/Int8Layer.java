package engine.backend;

import engine.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * A layer of a quantised network. Its operands are values of an {@link Int8Graph} by name; biases
 * are whole numbers in units of {@code input scale * weight scale}, added to the integer sums. All
 * but {@link Real} read bytes.
 */
public sealed interface Int8Layer {
  String name();

  String input();

  String output();

  /** Every value that it reads. */
  default List<String> reads() {
    return List.of(input());
  }

  /**
   * What a layer multiplies by and adds.
   *
   * @param weight I8 [O, C/groups, kH, kW], of a linear layer [O, I]
   * @param scale one an output channel
   * @param bias [O]
   */
  record Parameters(HostTensor weight, float[] scale, int[] bias) {}

  /**
   * {@code output = [relu](input * weight + bias + residual)}, rounded once, at the end.
   *
   * @param residual name of a value of the output's shape, or null
   */
  record Conv(
      String name,
      String input,
      String residual,
      String output,
      Parameters parameters,
      Conv2dGeometry geometry,
      boolean relu)
      implements Int8Layer {
    public HostTensor weight() {
      return parameters.weight;
    }

    public float[] weightScale() {
      return parameters.scale;
    }

    public int[] bias() {
      return parameters.bias;
    }

    @Override
    public List<String> reads() {
      return residual == null ? List.of(input) : List.of(input, residual);
    }
  }

  /** Commutes with rounding: input and output have one grid. */
  record MaxPool(String name, String input, String output, PoolGeometry geometry)
      implements Int8Layer {}

  /** The mean over height and width, rounded to the output's own grid, or F32 where it has none. */
  record GlobalAveragePool(String name, String input, String output) implements Int8Layer {}

  record Linear(String name, String input, String output, Parameters parameters)
      implements Int8Layer {
    public HostTensor weight() {
      return parameters.weight;
    }

    public float[] weightScale() {
      return parameters.scale;
    }

    public int[] bias() {
      return parameters.bias;
    }
  }

  /**
   * A layer that is computed in real numbers: bytes that it reads stand for those, and what it
   * gives is rounded where the output has a grid.
   *
   * @param inputs values, and names of constants; the first is a value
   * @param constants F32, by name
   */
  record Real(
      String name, RealOp op, List<String> inputs, String output, Map<String, HostTensor> constants)
      implements Int8Layer {
    public Real {
      inputs = List.copyOf(inputs);
      constants = Map.copyOf(constants);
      if (op == null || inputs.isEmpty() || constants.containsKey(inputs.getFirst())) {
        throw new IllegalArgumentException("a layer in real numbers reads a value");
      }
    }

    @Override
    public String input() {
      return inputs.getFirst();
    }

    @Override
    public List<String> reads() {
      return inputs.stream().filter(i -> !constants.containsKey(i)).distinct().toList();
    }
  }
}
