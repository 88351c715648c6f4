package engine.onnx;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * An ONNX file as values (<a href="https://onnx.ai/onnx/repo-docs/IR.html">the specification</a>).
 *
 * @param opsets version by domain; the empty name is ONNX's own
 * @param metadata free text by key
 */
public record OnnxModel(
    long irVersion,
    Map<String, Long> opsets,
    String producer,
    String producerVersion,
    Map<String, String> metadata,
    Graph graph) {

  /**
   * @param initializers constants by name
   */
  public record Graph(
      String name,
      List<Node> nodes,
      Map<String, HostTensor> initializers,
      List<Value> inputs,
      List<Value> outputs) {}

  /**
   * @param inputs names; empty where an optional operand is missing
   */
  public record Node(
      String op,
      String name,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {}

  /**
   * @param dims a number, or a name for an extent that is only known at run time
   */
  public record Value(String name, DType dtype, List<String> dims) {}

  /** The value of an attribute. */
  public sealed interface Attribute {
    record Int(long value) implements Attribute {}

    record Ints(long... values) implements Attribute {}

    record Real(float value) implements Attribute {}

    record Reals(float... values) implements Attribute {}

    record Text(String value) implements Attribute {}

    record Constant(HostTensor value) implements Attribute {}
  }
}
