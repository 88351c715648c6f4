package engine.autograd;

import engine.base.UserError;
import engine.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entry of a {@link Tape}: what an op gave, and how its gradient is sent on.
 *
 * @param op null for a constant
 * @param seen as the tape's observer knows the op; null without one
 * @param backward null for an op without gradient
 * @param saved what the backward reads, closed with the node; null entries are allowed
 */
record TapeNode(
    Operation op,
    TapeObserver.Op seen,
    Variable output,
    Tape.Backward backward,
    AutoCloseable[] saved) {
  /**
   * Sends a gradient on; after a failure the node is released.
   *
   * @param dy of the result
   */
  void runBackward(Tensor dy) {
    try {
      backward.run(dy);
    } catch (UserError e) {
      release();
      throw e;
    } catch (RuntimeException e) {
      release();
      throw new IllegalStateException(
          "the backward of " + op.name() + " failed: " + e.getMessage(), e);
    }
  }

  /** Frees the result and what was saved. */
  void release() {
    output.close();
    for (AutoCloseable s : saved) {
      if (s != null) {
        try {
          s.close();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /**
   * What a layer made that nobody reads after it.
   *
   * @param made by the layer
   * @param casts the copies in half precision by what they are copies of
   * @param constants whether constants are of that kind
   */
  static Set<Variable> unread(
      List<TapeNode> made, Variable result, Map<Variable, Variable> casts, boolean constants) {
    Set<Variable> out = Collections.newSetFromMap(new IdentityHashMap<>());
    for (TapeNode n : made) {
      if (constants || n.op != null) {
        out.add(n.output);
      }
    }
    out.remove(result);
    // Another layer may read the copy in half precision of a value that is older.
    casts.forEach(
        (of, cast) -> {
          if (!out.contains(of)) {
            out.remove(cast);
          }
        });
    return out;
  }
}
