package engine.nn;

import engine.autograd.Tape;
import engine.autograd.Variable;

/** What turns one value into another. */
@FunctionalInterface
public interface Layer {
  Variable forward(Tape tape, Variable x);
}
