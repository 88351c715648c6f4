package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;

/** Instructions in which lanes of a warp see each other (PTX ISA, 9.7.9 and 9.7.13). */
final class WarpSteps {
  private WarpSteps() {}

  /** The value of an operand in a lane: a register of the narrow file or a constant. */
  private static int value(Warp w, Operand o, Slot slot, int lane) {
    return o instanceof Operand.Immediate c
        ? (int) c.bits()
        : w.r[Warp.LANES * slot.number() + lane];
  }

  private static Slot slot(Registers registers, Operand o) {
    return switch (o) {
      case Operand.Register r -> registers.of(r);
      case Operand.Not n -> registers.of(n.register());
      default -> null;
    };
  }

  /**
   * The lanes that the instruction names must be the ones that are here: another would be waited
   * for in vain.
   */
  private static void checkMembers(Warp w, Step s, int members, int lanes) {
    int absent = members & w.live & ~lanes;
    if (absent != 0) {
      throw w.block.fault(
          KernelFault.LAUNCH_FAILED,
          w,
          s,
          Warp.first(lanes),
          "the mask 0x%08x names lane %d, which is alive and took another branch"
              .formatted(members, Warp.first(absent)));
    }
  }

  /** {@code shfl.sync}: each lane reads a register of another one. */
  static final class Shuffle extends Step {
    private final Slot to;
    private final Slot valid;
    private final Slot from;
    private final Operand[] operands = new Operand[4];
    private final Slot[] slots = new Slot[4];
    private final String mode;

    Shuffle(int site, Instruction i, Registers registers) {
      super(site, i, registers);
      mode = i.modifiers().get(1);
      Operand first = i.operands().getFirst();
      to = slot(registers, first instanceof Operand.Pair(Operand d, Operand q) ? d : first);
      valid = first instanceof Operand.Pair(Operand d, Operand q) ? slot(registers, q) : null;
      for (int k = 0; k < 4; k++) {
        operands[k] = i.operands().get(k + 1);
        slots[k] = slot(registers, operands[k]);
      }
      from = slots[0];
      if (from == null || from.file() != File.NARROW) {
        throw new PtxException(i.ptxLine(), i.opcode() + " of this operand is not implemented");
      }
    }

    @Override
    int run(Warp w) {
      int lanes = mask(w);
      int[] before = new int[Warp.LANES];
      System.arraycopy(w.r, Warp.LANES * from.number(), before, 0, Warp.LANES);
      int ok = 0;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        checkMembers(w, this, value(w, operands[3], slots[3], lane), lanes);
        int b = value(w, operands[1], slots[1], lane) & 31;
        int c = value(w, operands[2], slots[2], lane);
        int segment = c >>> 8 & 31;
        int last = (lane & segment) | (c & 31 & ~segment);
        int source =
            switch (mode) {
              case "up" -> lane - b;
              case "down" -> lane + b;
              case "bfly" -> lane ^ b;
              default -> (lane & segment) | (b & ~segment);
            };
        boolean inside = mode.equals("up") ? source >= last : source <= last;
        source = inside ? source : lane;
        ok |= inside ? 1 << lane : 0;
        if ((lanes >>> source & 1) == 0) {
          throw w.block.fault(
              KernelFault.LAUNCH_FAILED,
              w,
              this,
              lane,
              "it reads lane %d, which does not take part: the value is undefined"
                  .formatted(source));
        }
        if (to != null) {
          w.r[Warp.LANES * to.number() + lane] = before[source];
        }
      }
      if (valid != null) {
        w.p[valid.number()] = w.p[valid.number()] & ~lanes | ok;
      }
      return next;
    }
  }

  /** {@code vote.sync} and {@code activemask}. */
  static final class Vote extends Step {
    private final Slot to;
    private final Operand asked;
    private final Slot askedSlot;
    private final Operand members;
    private final Slot membersSlot;
    private final String mode;

    Vote(int site, Instruction i, Registers registers) {
      super(site, i, registers);
      boolean activeMask = i.mnemonic().equals("activemask");
      mode = activeMask ? "activemask" : i.modifiers().get(1);
      to = slot(registers, i.operands().getFirst());
      asked = activeMask ? null : i.operands().get(1);
      askedSlot = activeMask ? null : slot(registers, asked);
      members = activeMask ? null : i.operands().get(2);
      membersSlot = activeMask ? null : slot(registers, members);
    }

    @Override
    int run(Warp w) {
      int lanes = mask(w);
      if (lanes == 0) {
        return next;
      }
      if (mode.equals("activemask")) {
        return give(w, lanes, lanes);
      }
      int named = value(w, members, membersSlot, Warp.first(lanes));
      checkMembers(w, this, named, lanes);
      int yes = yes(w) & lanes & named;
      int all = lanes & named;
      return switch (mode) {
        case "ballot" -> give(w, lanes, yes);
        case "all" -> give(w, lanes, yes == all ? -1 : 0);
        case "any" -> give(w, lanes, yes != 0 ? -1 : 0);
        default -> give(w, lanes, yes == 0 || yes == all ? -1 : 0);
      };
    }

    private int yes(Warp w) {
      if (asked instanceof Operand.Immediate c) {
        return c.bits() != 0 ? -1 : 0;
      }
      int p = w.p[askedSlot.number()];
      return asked instanceof Operand.Not ? ~p : p;
    }

    private int give(Warp w, int lanes, int value) {
      if (to.file() == File.PREDICATE) {
        w.p[to.number()] = w.p[to.number()] & ~lanes | value & lanes;
      } else {
        for (int m = lanes; m != 0; m &= m - 1) {
          w.r[Warp.LANES * to.number() + Warp.first(m)] = value;
        }
      }
      return next;
    }
  }

  /** {@code redux.sync}: one value from all lanes' (sm_80 and later). */
  static final class Reduce extends Step {
    private final Slot to;
    private final Slot from;
    private final Operand members;
    private final Slot membersSlot;
    private final String op;

    Reduce(int site, Instruction i, Registers registers) {
      super(site, i, registers);
      op = i.modifiers().get(1) + "." + i.type().ptx();
      to = slot(registers, i.operands().get(0));
      from = slot(registers, i.operands().get(1));
      members = i.operands().get(2);
      membersSlot = slot(registers, members);
    }

    @Override
    int run(Warp w) {
      int lanes = mask(w);
      if (lanes == 0) {
        return next;
      }
      checkMembers(w, this, value(w, members, membersSlot, Warp.first(lanes)), lanes);
      int sum = w.r[Warp.LANES * from.number() + Warp.first(lanes)];
      for (int m = lanes & (lanes - 1); m != 0; m &= m - 1) {
        int v = w.r[Warp.LANES * from.number() + Warp.first(m)];
        sum =
            switch (op) {
              case "add.s32", "add.u32" -> sum + v;
              case "min.s32" -> Math.min(sum, v);
              case "max.s32" -> Math.max(sum, v);
              case "min.u32" -> IntegerOps.minUnsigned(sum, v);
              case "max.u32" -> IntegerOps.maxUnsigned(sum, v);
              case "and.b32" -> sum & v;
              case "or.b32" -> sum | v;
              default -> sum ^ v;
            };
      }
      for (int m = lanes; m != 0; m &= m - 1) {
        w.r[Warp.LANES * to.number() + Warp.first(m)] = sum;
      }
      return next;
    }
  }

  /** {@code bar.warp.sync}: orders the lanes' accesses to memory. */
  static final class Sync extends Step {
    private final Operand members;
    private final Slot membersSlot;

    Sync(int site, Instruction i, Registers registers) {
      super(site, i, registers);
      members = i.operands().getFirst();
      membersSlot = slot(registers, members);
    }

    @Override
    int run(Warp w) {
      int lanes = mask(w);
      if (lanes != 0) {
        checkMembers(w, this, value(w, members, membersSlot, Warp.first(lanes)), lanes);
        w.syncs++;
      }
      return next;
    }
  }
}
