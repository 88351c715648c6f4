package engine.autograd;

import engine.autograd.BatchNorm.After;
import java.util.function.Supplier;

/** What a variable is whose value is held back, and what became of it. */
final class HeldBack {
  private final Tape tape;
  private final Held computation;
  private Variable result;
  private boolean over;

  HeldBack(Tape tape, Held computation) {
    this.tape = tape;
    this.computation = computation;
    computation.reads().forEach(v -> v.awaited(1));
  }

  boolean isComputed() {
    return result != null;
  }

  /** The computation, unless it has been done, or has become part of another. */
  Held open() {
    return over ? null : computation;
  }

  Variable result() {
    return result != null
        ? result
        : compute(() -> computation.compute(tape, After.NOTHING).computed());
  }

  Variable resultForConvolution() {
    return result != null
        ? result
        : compute(() -> computation.computeForConvolution(tape).computed());
  }

  /** Who asks for what became part of another computation gets it by one of its own. */
  private Variable compute(Supplier<Variable> how) {
    boolean kept = tape.keepsStatistics();
    tape.keepStatistics(kept || over); // which have seen what is computed again
    try {
      result = how.get();
    } finally {
      tape.keepStatistics(kept);
    }
    over();
    return result;
  }

  /** It no longer waits for what it reads. */
  private void over() {
    if (over) {
      return;
    }
    over = true;
    for (Variable v : computation.reads()) {
      v.awaited(-1);
    }
    computation.reads().forEach(Variable::readByHeld);
  }

  /** Its last reader has read it, or taken it in. */
  void read() {
    if (result == null) {
      over();
    } else if (tape.spends(result)) {
      result = null;
    }
  }
}
