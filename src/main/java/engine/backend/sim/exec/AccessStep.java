package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;
import engine.backend.sim.ptx.PtxType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A warp's access to memory: find each lane's place, check it, look for races, transfer. What is
 * common to loads, stores and atomics is here.
 */
abstract class AccessStep extends Step {
  /** The state space that an address is of. */
  enum Space {
    GLOBAL,
    SHARED,
    LOCAL,
    GENERIC
  }

  final Space space;

  /** Of one element. */
  final PtxType type;

  /** Bytes that a lane touches. */
  final int bytes;

  /** The registers, one an element; null for an element that is not wanted or is a constant. */
  final Slot[] slots;

  final Operand[] values;

  private final Slot base;
  private final long offset;

  AccessStep(
      int site,
      Instruction i,
      Registers registers,
      ToLongFunction<String> addresses,
      Operand value,
      Operand address) {
    super(site, i, registers);
    space = space(i);
    type = i.type();
    List<Operand> elements = new ArrayList<>();
    if (value instanceof Operand.Vector(List<Operand> parts)) {
      elements.addAll(parts);
    } else if (value != null) {
      elements.add(value);
    }
    values = elements.toArray(Operand[]::new);
    slots = new Slot[values.length];
    for (int k = 0; k < values.length; k++) {
      slots[k] = values[k] instanceof Operand.Register r ? registers.of(r) : null;
    }
    bytes = type.bytes() * Math.max(1, values.length);
    if (!(address instanceof Operand.Address(Operand from, long by))) {
      throw new PtxException(i.ptxLine(), i.opcode() + " needs an address in brackets");
    }
    base = from instanceof Operand.Register r ? registers.of(r) : null;
    offset =
        by
            + switch (from) {
              case Operand.Register r -> 0;
              case Operand.Immediate c -> c.bits();
              case Operand.Symbol s -> addresses.applyAsLong(s.name());
              default -> throw new PtxException(i.ptxLine(), address + " is no address");
            };
  }

  private static Space space(Instruction i) {
    for (String m : i.modifiers()) {
      switch (m) {
        case "global", "const" -> {
          return Space.GLOBAL;
        }
        case "shared", "shared::cta" -> {
          return Space.SHARED;
        }
        case "local" -> {
          return Space.LOCAL;
        }
        default -> {}
      }
    }
    return Space.GENERIC;
  }

  /** Whether the lanes read memory, so that it must have been written. */
  abstract boolean reads();

  abstract boolean writes();

  boolean atomic() {
    return false;
  }

  /** Does the transfer for lanes whose places are checked. */
  abstract void transfer(Warp w, int lanes);

  @Override
  final int run(Warp w) {
    int lanes = mask(w);
    if (lanes == 0) {
      return next;
    }
    locate(w, lanes);
    check(w, lanes);
    w.block.observe(this, w, lanes);
    transfer(w, lanes);
    return next;
  }

  /** Fills {@code w.at} with offsets in the device's memory. */
  private void locate(Warp w, int lanes) {
    Block block = w.block;
    for (int m = lanes; m != 0; m &= m - 1) {
      int lane = Warp.first(m);
      long a = address(w, lane);
      w.at[lane] =
          switch (space) {
            case GLOBAL -> a - DeviceMemory.BASE;
            case SHARED -> shared(block, w, lane, a);
            case LOCAL -> local(block, w, lane, a);
            case GENERIC -> generic(block, w, lane, a);
          };
    }
  }

  private long address(Warp w, int lane) {
    if (base == null) {
      return offset;
    }
    int i = Warp.LANES * base.number() + lane;
    return offset + (base.file() == File.WIDE ? w.d[i] : w.r[i] & 0xFFFFFFFFL);
  }

  private long generic(Block block, Warp w, int lane, long a) {
    if (a >= DeviceMemory.BASE || a < Spaces.SHARED) {
      return a - DeviceMemory.BASE;
    }
    return a < Spaces.LOCAL
        ? shared(block, w, lane, a - Spaces.SHARED)
        : local(block, w, lane, a - Spaces.LOCAL);
  }

  private long shared(Block block, Warp w, int lane, long a) {
    int size = block.grid().sharedBytes();
    if (a < 0 || a + bytes > size) {
      throw block.fault(
          KernelFault.ILLEGAL_ADDRESS,
          w,
          this,
          lane,
          "%s %d bytes at shared+%d, and the block has %d bytes of shared memory"
              .formatted(verb(), bytes, a, size));
    }
    return block.shared() + a;
  }

  private long local(Block block, Warp w, int lane, long a) {
    int size = block.grid().kernel().localBytes();
    if (a < 0 || a + bytes > size) {
      throw block.fault(
          KernelFault.ILLEGAL_ADDRESS,
          w,
          this,
          lane,
          "%s %d bytes at local+%d, and a thread has %d bytes of local memory"
              .formatted(verb(), bytes, a, size));
    }
    return block.local() + (long) w.thread(lane) * block.grid().kernel().localStride() + a;
  }

  private void check(Warp w, int lanes) {
    DeviceMemory memory = w.block.memory();
    boolean read = reads();
    for (int m = lanes; m != 0; m &= m - 1) {
      int lane = Warp.first(m);
      long at = w.at[lane];
      boolean fine =
          (at & (bytes - 1)) == 0
              && (read ? memory.readable(at, bytes) : memory.writable(at, bytes));
      if (!fine) {
        w.block.badAccess(this, w, lane, at);
      }
    }
  }

  /** "reads", "writes" or "updates". */
  String verb() {
    return atomic() ? "updates" : writes() ? "writes" : "reads";
  }
}
