package engine.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ops that a tape ran, written down. Variables stand for values by identity; what they hold may
 * be gone by the time somebody reads the trace.
 */
public final class Trace {
  /**
   * One op.
   *
   * @param inputs null where an operand is missing
   */
  public record Step(Operation operation, List<Variable> inputs, Variable output, Call call) {
    /** For people: {@code relu(F32 [2, 8]) -> F32 [2, 8]}. */
    @Override
    public String toString() {
      return operation.name() + call;
    }
  }

  private final List<Step> steps = new ArrayList<>();

  /** The steps so far, in order. */
  public List<Step> steps() {
    return Collections.unmodifiableList(steps);
  }

  void add(Operation op, Variable[] inputs, Variable output) {
    steps.add(new Step(op, Arrays.asList(inputs), output, Call.of(inputs, output)));
  }

  /** A line a step. */
  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
  }
}
