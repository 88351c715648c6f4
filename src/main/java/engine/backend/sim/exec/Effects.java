package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which registers an instruction reads and writes. */
final class Effects {
  private static final Set<String> WITHOUT_RESULT =
      Set.of(
          "st",
          "red",
          "bra",
          "brx",
          "bar",
          "barrier",
          "membar",
          "fence",
          "ret",
          "exit",
          "trap",
          "prefetch",
          "prefetchu",
          "nanosleep",
          "cp",
          "discard",
          "call",
          "pmevent",
          "brkpt");

  private Effects() {}

  /** Whether the first operand is a result. */
  static boolean hasResult(Instruction i) {
    // bar.red and barrier.red are the barriers that return something
    return !WITHOUT_RESULT.contains(i.mnemonic()) || (isBarrier(i) && i.has("red"));
  }

  static List<Operand.Register> writes(Instruction i) {
    List<Operand.Register> found = new ArrayList<>();
    if (hasResult(i) && !i.operands().isEmpty()) {
      collect(i.operands().getFirst(), found);
    }
    return found;
  }

  /** A result under a guard counts as read: lanes that are switched off keep what was there. */
  static List<Operand.Register> reads(Instruction i) {
    List<Operand.Register> found = new ArrayList<>();
    int first = hasResult(i) && i.guard() == null ? 1 : 0;
    for (int k = first; k < i.operands().size(); k++) {
      collect(i.operands().get(k), found);
    }
    if (i.guard() != null) {
      found.add(i.guard());
    }
    return found;
  }

  private static boolean isBarrier(Instruction i) {
    return i.mnemonic().equals("bar") || i.mnemonic().equals("barrier");
  }

  private static void collect(Operand o, List<Operand.Register> into) {
    switch (o) {
      case Operand.Register r -> into.add(r);
      case Operand.Not n -> into.add(n.register());
      case Operand.Address a -> collect(a.base(), into);
      case Operand.Vector v -> v.parts().forEach(p -> collect(p, into));
      case Operand.Pair p -> {
        collect(p.first(), into);
        collect(p.second(), into);
      }
      case Operand.Special s -> {}
      case Operand.Immediate c -> {}
      case Operand.Symbol s -> {}
      case Operand.Sink s -> {}
    }
  }
}
