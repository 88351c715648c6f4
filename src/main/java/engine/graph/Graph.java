package engine.graph;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network as nodes in the order of their running.
 *
 * @param inputShape of the batch that was traced; its first extent stands for any batch
 * @param constants weights and statistics by name
 */
public record Graph(
    String input,
    Shape inputShape,
    String output,
    List<Node> nodes,
    Map<String, HostTensor> constants) {

  public Graph {
    nodes = List.copyOf(nodes);
  }

  /** The node that makes a value, or null for the input and constants. */
  public Node producer(String value) {
    for (Node n : nodes) {
      if (n.output().equals(value)) {
        return n;
      }
    }
    return null;
  }

  /** The nodes that read a value. */
  public List<Node> consumers(String value) {
    List<Node> out = new ArrayList<>();
    for (Node n : nodes) {
      if (n.inputs().contains(value)) {
        out.add(n);
      }
    }
    return out;
  }
}
