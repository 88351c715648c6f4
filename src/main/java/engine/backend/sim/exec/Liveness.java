package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which registers are read after an instruction: the others need not be kept. */
final class Liveness {
  private final Map<Integer, Set<Operand.Register>> after = new HashMap<>();

  Liveness(List<Instruction> body, ControlFlow flow) {
    List<ControlFlow.Block> blocks = flow.blocks();
    List<Set<Operand.Register>> atStart = new ArrayList<>();
    blocks.forEach(b -> atStart.add(new HashSet<>()));
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = blocks.size() - 1; b >= 0; b--) {
        Set<Operand.Register> live = new HashSet<>();
        for (int s : blocks.get(b).successors()) {
          if (s != ControlFlow.END) {
            live.addAll(atStart.get(s));
          }
        }
        for (int i = blocks.get(b).end() - 1; i >= blocks.get(b).first(); i--) {
          after.put(i, new HashSet<>(live));
          if (body.get(i).guard() == null) {
            Effects.writes(body.get(i)).forEach(live::remove);
          }
          live.addAll(Effects.reads(body.get(i)));
        }
        if (!live.equals(atStart.get(b))) {
          atStart.set(b, live);
          changed = true;
        }
      }
    }
  }

  Set<Operand.Register> after(int instruction) {
    return after.get(instruction);
  }

  /** The most 32-bit registers that are live at once. */
  int pressure() {
    return after.values().stream()
        .mapToInt(live -> live.stream().mapToInt(r -> (r.type().bytes() + 3) / 4).sum())
        .max()
        .orElse(0);
  }
}
