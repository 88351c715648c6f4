package engine.onnx;

import engine.base.UserError;
import java.util.HashSet;
import java.util.Set;

/**
 * What every valid graph has: names that are made before they are read, made once, outputs that
 * something makes, an opset.
 */
final class OnnxStructure {
  private OnnxStructure() {}

  /**
   * @throws UserError that says what is wrong, and where
   */
  static void check(OnnxModel m) {
    require(m.opsets().containsKey(""), "it imports no opset");
    require(m.irVersion() >= 3, "its IR version is " + m.irVersion());
    OnnxModel.Graph g = m.graph();
    Set<String> known = new HashSet<>();
    g.inputs().forEach(v -> require(known.add(v.name()), "two inputs are called " + v.name()));
    g.initializers().keySet().forEach(n -> require(known.add(n), "two constants are called " + n));
    Set<String> nodes = new HashSet<>();
    for (OnnxModel.Node n : g.nodes()) {
      require(nodes.add(n.name()), "two nodes are called " + n.name());
      for (String in : n.inputs()) {
        require(
            in.isEmpty() || known.contains(in),
            "%s (%s) reads %s before anything makes it".formatted(n.name(), n.op(), in));
      }
      for (String out : n.outputs()) {
        require(known.add(out), "two nodes make " + out);
      }
    }
    require(!g.outputs().isEmpty(), "it has no output");
    g.outputs()
        .forEach(v -> require(known.contains(v.name()), "nothing makes the output " + v.name()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new UserError("the ONNX graph is wrong: " + otherwise);
    }
  }
}
