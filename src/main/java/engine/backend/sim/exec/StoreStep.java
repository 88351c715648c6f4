package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import java.util.function.ToLongFunction;

/** {@code st}: 1 to 4 elements a lane. Lanes that write one place do it in their order. */
final class StoreStep extends AccessStep {
  StoreStep(int site, Instruction i, Registers registers, ToLongFunction<String> addresses) {
    super(site, i, registers, addresses, i.operands().get(1), i.operands().get(0));
  }

  @Override
  boolean reads() {
    return false;
  }

  @Override
  boolean writes() {
    return true;
  }

  @Override
  void transfer(Warp w, int lanes) {
    DeviceMemory memory = w.block.memory();
    for (int k = 0; k < values.length; k++) {
      int skip = k * type.bytes();
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        long at = w.at[lane] + skip;
        switch (type.bytes()) {
          case 1 -> memory.putByte(at, (byte) narrow(w, k, lane));
          case 2 -> memory.putShort(at, (short) narrow(w, k, lane));
          case 4 -> memory.putInt(at, narrow(w, k, lane));
          default -> memory.putLong(at, wide(w, k, lane));
        }
      }
    }
    for (int m = lanes; m != 0; m &= m - 1) {
      memory.written(w.at[Warp.first(m)], bytes);
    }
  }

  /** Whether the store would leave memory as it is: then it cannot be told from none. */
  boolean changesNothing(Warp w, int lane) {
    DeviceMemory memory = w.block.memory();
    if (!memory.readable(w.at[lane], bytes)) {
      return false;
    }
    for (int k = 0; k < values.length; k++) {
      long at = w.at[lane] + (long) k * type.bytes();
      boolean same =
          switch (type.bytes()) {
            case 1 -> memory.getByte(at) == (byte) narrow(w, k, lane);
            case 2 -> memory.getShort(at) == (short) narrow(w, k, lane);
            case 4 -> memory.getInt(at) == narrow(w, k, lane);
            default -> memory.getLong(at) == wide(w, k, lane);
          };
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Whether two lanes store the same value. */
  boolean storesSame(Warp w, int lane, int other) {
    for (int k = 0; k < values.length; k++) {
      boolean same =
          type.bytes() == 8
              ? wide(w, k, lane) == wide(w, k, other)
              : narrow(w, k, lane) == narrow(w, k, other);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private int narrow(Warp w, int element, int lane) {
    if (slots[element] == null) {
      return (int) ((Operand.Immediate) values[element]).bits();
    }
    int i = Warp.LANES * slots[element].number() + lane;
    return slots[element].file() == File.WIDE ? (int) w.d[i] : w.r[i];
  }

  private long wide(Warp w, int element, int lane) {
    return slots[element] == null
        ? ((Operand.Immediate) values[element]).bits()
        : w.d[Warp.LANES * slots[element].number() + lane];
  }
}
