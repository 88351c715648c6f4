package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.PtxType.Kind;
import java.util.function.ToLongFunction;

/** {@code ld}: 1 to 4 elements a lane, widened to their registers by their signedness. */
final class LoadStep extends AccessStep {
  LoadStep(int site, Instruction i, Registers registers, ToLongFunction<String> addresses) {
    super(site, i, registers, addresses, i.operands().get(0), i.operands().get(1));
  }

  @Override
  boolean reads() {
    return true;
  }

  @Override
  boolean writes() {
    return false;
  }

  @Override
  void transfer(Warp w, int lanes) {
    for (int k = 0; k < slots.length; k++) {
      if (slots[k] != null) {
        element(w, lanes, slots[k], k * type.bytes());
      }
    }
  }

  private void element(Warp w, int lanes, Slot to, int skip) {
    DeviceMemory memory = w.block.memory();
    int first = Warp.LANES * to.number();
    if (to.file() == File.WIDE) {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        w.d[first + lane] = wide(memory, w.at[lane] + skip);
      }
    } else if (type.bytes() == 4) {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        w.r[first + lane] = memory.getInt(w.at[lane] + skip);
      }
    } else {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        w.r[first + lane] = (int) wide(memory, w.at[lane] + skip);
      }
    }
  }

  private long wide(DeviceMemory memory, long at) {
    boolean signed = type.kind() == Kind.SIGNED;
    return switch (type.bytes()) {
      case 1 -> signed ? memory.getByte(at) : memory.getByte(at) & 0xFF;
      case 2 -> signed ? memory.getShort(at) : memory.getShort(at) & 0xFFFF;
      case 4 -> signed ? memory.getInt(at) : memory.getInt(at) & 0xFFFFFFFFL;
      default -> memory.getLong(at);
    };
  }
}
