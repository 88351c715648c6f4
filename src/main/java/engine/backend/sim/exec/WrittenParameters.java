package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxKernel;
import engine.backend.sim.ptx.Variable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the parameters from which the address of a store or an atomic may come: what a parameter
 * gives flows from register to register, in any order of the instructions, but not through memory
 * other than the parameters'. A parameter may be named that only counts; one whose pointer is
 * written through is never left out unless the pointer itself is kept in memory.
 */
final class WrittenParameters {
  private static final Set<String> WRITERS = Set.of("st", "atom", "red");
  private static final Set<String> ELSEWHERE = Set.of("shared", "shared::cta", "local", "param");

  private final Set<String> names;
  private final Map<String, Set<String>> sources = new HashMap<>();
  private boolean changed;

  private WrittenParameters(PtxKernel kernel) {
    names = kernel.parameters().stream().map(Variable::name).collect(Collectors.toSet());
  }

  static Set<String> of(PtxKernel kernel) {
    WrittenParameters w = new WrittenParameters(kernel);
    do {
      w.changed = false;
      kernel.body().forEach(w::flow);
    } while (w.changed);
    Set<String> written = new HashSet<>();
    for (Instruction i : kernel.body()) {
      if (WRITERS.contains(i.mnemonic()) && i.modifiers().stream().noneMatch(ELSEWHERE::contains)) {
        int address = i.mnemonic().equals("atom") ? 1 : 0;
        w.collect(i.operands().get(address), written);
      }
    }
    return Set.copyOf(written);
  }

  private void flow(Instruction i) {
    boolean loads = i.mnemonic().equals("ld") && !i.has("param");
    if (loads || !Effects.hasResult(i) || i.operands().isEmpty()) {
      return;
    }
    Set<String> from = new HashSet<>();
    List<Operand> operands = i.operands();
    operands.subList(1, operands.size()).forEach(o -> collect(o, from));
    if (!from.isEmpty()) {
      for (Operand.Register r : Effects.writes(i)) {
        changed |= sources.computeIfAbsent(r.name(), _ -> new HashSet<>()).addAll(from);
      }
    }
  }

  private void collect(Operand o, Set<String> into) {
    switch (o) {
      case Operand.Register r -> into.addAll(sources.getOrDefault(r.name(), Set.of()));
      case Operand.Address a -> collect(a.base(), into);
      case Operand.Symbol s -> {
        if (names.contains(s.name())) {
          into.add(s.name());
        }
      }
      case Operand.Vector v -> v.parts().forEach(p -> collect(p, into));
      case Operand.Pair p -> {
        collect(p.first(), into);
        collect(p.second(), into);
      }
      case Operand.Not n -> collect(n.register(), into);
      case Operand.Special s -> {}
      case Operand.Immediate c -> {}
      case Operand.Sink s -> {}
    }
  }
}
