package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The ops that a tape ran, written down. Variables stand for values by identity; what they hold may
 * be gone by the time somebody reads the trace.
 */
public final class Trace {
  /**
   * One op.
   *
   * @param inputs null where an operand is missing
   * @param shape of the output
   */
  public record Step(
      Operation operation, List<Variable> inputs, Variable output, DType dtype, Shape shape) {}

  private final List<Step> steps = new ArrayList<>();

  /** The steps so far, in order. */
  public List<Step> steps() {
    return Collections.unmodifiableList(steps);
  }

  void add(Operation op, List<Variable> inputs, Variable output) {
    steps.add(new Step(op, inputs, output, output.dtype(), output.shape()));
  }

  /** Puts a description in place of the nameless step that the tape noted for {@code output}. */
  void describe(Operation op, List<Variable> inputs, Variable output) {
    if (steps.isEmpty() || steps.getLast().output() != output) {
      throw new IllegalStateException("only the last op can be described");
    }
    steps.removeLast();
    add(op, inputs, output);
  }
}
