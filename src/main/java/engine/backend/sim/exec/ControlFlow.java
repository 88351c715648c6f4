package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;
import engine.backend.sim.ptx.PtxKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A kernel's basic blocks and where diverged lanes meet again: at the immediate post-dominator of
 * the branch that parted them, the first block that every way from it to the end leads through
 * (Fung et al., "Dynamic Warp Formation", MICRO 2007, 2.2).
 */
final class ControlFlow {
  /** No block: the way ends. */
  static final int END = -1;

  /**
   * @param first index of its first instruction
   * @param end one past its last
   */
  record Block(int first, int end, List<Integer> successors) {}

  private final PtxKernel kernel;
  private final List<Block> blocks = new ArrayList<>();
  private final int[] blockOf;
  private final int[] reconvergence;

  ControlFlow(PtxKernel kernel) {
    this.kernel = kernel;
    int n = kernel.body().size();
    BitSet leaders = leaders();
    blockOf = new int[n + 1];
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += leaders.get(i) ? 1 : 0;
      blockOf[i] = count - 1;
    }
    blockOf[n] = END;
    for (int first = 0; first < n; ) {
      int next = leaders.nextSetBit(first + 1);
      int end = next < 0 ? n : next;
      blocks.add(new Block(first, end, successors(end)));
      first = end;
    }
    reconvergence = postDominators();
  }

  List<Block> blocks() {
    return blocks;
  }

  /**
   * The instruction before which lanes that part at the end of {@code block} meet; {@link #END} if
   * they end apart.
   */
  int reconvergence(int block) {
    return reconvergence[block] == END ? END : blocks.get(reconvergence[block]).first();
  }

  /** The index of the instruction after a label. */
  int target(Operand label, int line) {
    Integer at = label instanceof Operand.Symbol s ? kernel.labels().get(s.name()) : null;
    if (at == null) {
      throw new PtxException(line, "there is no label " + label);
    }
    return at;
  }

  /** The targets of a {@code brx.idx}, in order. */
  List<Integer> table(Instruction i) {
    String name = i.operands().get(1).toString();
    List<String> labels = kernel.branchTables().get(name);
    if (labels == null) {
      throw new PtxException(i.ptxLine(), "there is no list of branch targets " + name);
    }
    return labels.stream().map(l -> kernel.labels().get(l)).toList();
  }

  static boolean endsBlock(Instruction i) {
    return switch (i.mnemonic()) {
      case "bra", "brx", "ret", "exit", "trap" -> true;
      default -> false;
    };
  }

  private BitSet leaders() {
    List<Instruction> body = kernel.body();
    BitSet leaders = new BitSet();
    leaders.set(0);
    kernel.labels().values().forEach(leaders::set);
    for (int i = 0; i < body.size(); i++) {
      if (endsBlock(body.get(i))) {
        leaders.set(i + 1);
      }
    }
    leaders.clear(body.size());
    return leaders;
  }

  private List<Integer> successors(int end) {
    Instruction last = kernel.body().get(end - 1);
    List<Integer> all = new ArrayList<>();
    switch (last.mnemonic()) {
      case "bra" -> all.add(blockOf[target(last.operands().getFirst(), last.ptxLine())]);
      case "brx" -> table(last).forEach(t -> all.add(blockOf[t]));
      default -> {}
    }
    if (!endsBlock(last) || last.guard() != null) {
      all.add(blockOf[end]);
    }
    if (all.isEmpty()) {
      all.add(END);
    }
    return all.stream().distinct().toList();
  }

  /** By the textbook's iteration on sets; kernels have tens of blocks. */
  private int[] postDominators() {
    int n = blocks.size();
    BitSet[] sets = new BitSet[n];
    for (int b = 0; b < n; b++) {
      sets[b] = new BitSet();
      sets[b].set(0, n);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = n - 1; b >= 0; b--) {
        BitSet met = null;
        for (int s : blocks.get(b).successors()) {
          BitSet of = s == END ? new BitSet() : sets[s];
          if (met == null) {
            met = (BitSet) of.clone();
          } else {
            met.and(of);
          }
        }
        met.set(b);
        if (!met.equals(sets[b])) {
          sets[b] = met;
          changed = true;
        }
      }
    }
    int[] immediate = new int[n];
    Arrays.fill(immediate, END);
    for (int b = 0; b < n; b++) {
      // the nearest one is post-dominated by all the others
      for (int c = sets[b].nextSetBit(0); c >= 0; c = sets[b].nextSetBit(c + 1)) {
        if (c != b && sets[c].cardinality() == sets[b].cardinality() - 1) {
          immediate[b] = c;
        }
      }
    }
    return immediate;
  }
}
