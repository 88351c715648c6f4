package engine.model;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.nn.Module;
import java.util.ArrayList;
import java.util.List;

/** Blocks one after another, named 0, 1, 2, …; its input stays the caller's. */
final class Stage extends Module {
  private final List<Module> blocks = new ArrayList<>();

  Stage add(Module block) {
    blocks.add(child(Integer.toString(blocks.size()), block));
    return this;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    Variable y = x;
    for (Module b : blocks) {
      Variable next = b.forward(tape, y);
      if (y != x) {
        tape.done(y);
      }
      y = next;
    }
    return y;
  }
}
