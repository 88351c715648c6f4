package engine.backend;

import engine.tensor.HostTensor;

/**
 * A layer of a quantised network. Its operands are values of an {@link Int8Graph} by name; biases
 * are whole numbers in units of {@code input scale * weight scale}, added to the integer sums.
 */
public sealed interface Int8Layer {
  String name();

  String input();

  String output();

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
  }

  /** Commutes with rounding: input and output have one grid. */
  record MaxPool(String name, String input, String output, PoolGeometry geometry)
      implements Int8Layer {}

  /** The mean over height and width, rounded to the output's own grid. */
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
}
