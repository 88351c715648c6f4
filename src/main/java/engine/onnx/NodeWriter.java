package engine.onnx;

import engine.onnx.OnnxModel.Attribute;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the nodes and constants of an ONNX graph. */
final class NodeWriter {
  final int opset;
  private final List<OnnxModel.Node> nodes = new ArrayList<>();
  private final Map<String, HostTensor> constants = new LinkedHashMap<>();

  NodeWriter(int opset) {
    this.opset = opset;
  }

  /** A node with one result, whose name it returns. */
  String node(
      String op, String name, Map<String, Attribute> attributes, String output, String... inputs) {
    List<String> in = new ArrayList<>(List.of(inputs));
    while (!in.isEmpty() && in.getLast().isEmpty()) {
      in.removeLast();
    }
    nodes.add(new OnnxModel.Node(op, name, in, List.of(output), attributes));
    return output;
  }

  String node(String op, String name, String output, String... inputs) {
    return node(op, name, Map.of(), output, inputs);
  }

  String constant(String name, HostTensor value) {
    constants.putIfAbsent(name, value);
    return name;
  }

  /** A number, shared by all who ask for it. */
  String scalar(float value) {
    return constant("const." + value, HostTensor.of(new float[] {value}));
  }

  String ints(long... values) {
    StringBuilder name = new StringBuilder("const.i");
    for (long v : values) {
      name.append('.').append(v);
    }
    return constant(name.toString(), HostTensor.of(values, values.length));
  }

  String scale(String name, float... values) {
    return constant(
        name, values.length == 1 ? HostTensor.of(values) : HostTensor.of(values, values.length));
  }

  String zeroPoint(String name, DType type, int value) {
    HostTensor t = HostTensor.zeros(type, Shape.of());
    t.data().set(ValueLayout.JAVA_BYTE, 0, (byte) value);
    return constant(name, t);
  }

  OnnxModel.Graph graph(String name, OnnxModel.Value input, OnnxModel.Value output) {
    return new OnnxModel.Graph(name, nodes, constants, List.of(input), List.of(output));
  }
}
