package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an op was called with and what it gave, as shapes and types: an {@link Operation} counts its
 * FLOPs and bytes from it.
 *
 * @param inputs in the order of the op's {@code apply}; null where an operand is missing
 */
public record Call(List<Value> inputs, Value output) {
  /** A tensor but for its numbers. */
  public record Value(Shape shape, DType dtype) {
    public long bytes() {
      return shape.elements() * dtype.bytes();
    }

    static Value of(Variable v) {
      return v == null ? null : new Value(v.shape(), v.dtype());
    }

    @Override
    public String toString() {
      return dtype + " " + shape;
    }
  }

  public Call {
    inputs = Collections.unmodifiableList(new ArrayList<>(inputs));
  }

  static Call of(Variable[] inputs, Variable output) {
    List<Value> values = new ArrayList<>(inputs.length);
    for (Variable v : inputs) {
      values.add(Value.of(v));
    }
    return new Call(values, Value.of(output));
  }

  /** Whether operand {@code i} is there. */
  public boolean has(int i) {
    return i < inputs.size() && inputs.get(i) != null;
  }

  /** Shape of operand {@code i}. */
  public Shape shape(int i) {
    return inputs.get(i).shape();
  }

  /** Numbers in the first operand. */
  long read() {
    return shape(0).elements();
  }

  /** Numbers in the result. */
  long written() {
    return output.shape().elements();
  }

  /** Of all operands and the result. */
  long bytes() {
    long n = output.bytes();
    for (Value v : inputs) {
      n += v == null ? 0 : v.bytes();
    }
    return n;
  }

  /** For people: {@code (F32 [2, 3, 8, 8], F32 [16, 3, 3, 3], none) -> F32 [2, 16, 8, 8]}. */
  @Override
  public String toString() {
    return inputs.stream()
            .map(v -> v == null ? "none" : v.toString())
            .collect(Collectors.joining(", ", "(", ")"))
        + " -> "
        + output;
  }
}
