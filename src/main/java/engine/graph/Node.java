package engine.graph;

import engine.autograd.Operation;
import engine.tensor.Shape;
import java.util.List;

/**
 * An op of a network.
 *
 * @param name of the layer, such as {@code layer1.0.conv1}, or made from the op's
 * @param inputs names of values and constants; empty where an operand is missing
 * @param output name of its value, unique in the graph
 * @param shape of the output for the batch that was traced
 */
public record Node(
    String name, Operation operation, List<String> inputs, String output, Shape shape) {
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** Operand {@code i}, or an empty name. */
  public String input(int i) {
    return i < inputs.size() ? inputs.get(i) : "";
  }
}
