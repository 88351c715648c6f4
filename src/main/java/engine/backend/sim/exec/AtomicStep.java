package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** {@code atom} and {@code red}: lanes in their order, blocks by compare and swap. */
final class AtomicStep extends AccessStep {
  private static final Set<String> OPS =
      Set.of("add", "min", "max", "inc", "dec", "and", "or", "xor", "exch", "cas");

  private final String op;
  private final Slot result;
  private final Operand[] operands;
  private final Slot[] operandSlots;

  AtomicStep(int site, Instruction i, Registers registers, ToLongFunction<String> addresses) {
    super(site, i, registers, addresses, null, i.operands().get(returns(i) ? 1 : 0));
    int first = returns(i) ? 2 : 1;
    result =
        returns(i) && i.operands().getFirst() instanceof Operand.Register r
            ? registers.of(r)
            : null;
    List<Operand> rest = i.operands().subList(first, i.operands().size());
    operands = rest.toArray(Operand[]::new);
    operandSlots = new Slot[operands.length];
    for (int k = 0; k < operands.length; k++) {
      operandSlots[k] = operands[k] instanceof Operand.Register r ? registers.of(r) : null;
    }
    op = i.modifiers().stream().filter(OPS::contains).findFirst().orElse("");
    if (op.isEmpty() || type.bytes() < 2 || i.has("v2") || i.has("v4")) {
      throw new PtxException(i.ptxLine(), i.opcode() + " is not implemented by the software GPU");
    }
  }

  private static boolean returns(Instruction i) {
    return i.mnemonic().equals("atom");
  }

  /**
   * Whether the order of blocks shows: in a sum of floats, or in what was there before. Such a
   * kernel runs its blocks one after the other, to give the same bits each time.
   */
  static boolean orderShows(Instruction i) {
    boolean real = i.type().ptx().contains("f");
    boolean orderless =
        i.has("add") || i.has("min") || i.has("max") || i.has("and") || i.has("or") || i.has("xor");
    boolean shared = i.has("shared") || i.has("shared::cta");
    return !shared && (i.mnemonic().equals("atom") || !orderless || (real && i.has("add")));
  }

  @Override
  boolean reads() {
    return true;
  }

  @Override
  boolean writes() {
    return true;
  }

  @Override
  boolean atomic() {
    return true;
  }

  @Override
  void transfer(Warp w, int lanes) {
    DeviceMemory memory = w.block.memory();
    for (int m = lanes; m != 0; m &= m - 1) {
      int lane = Warp.first(m);
      long before =
          switch (type.bytes()) {
            case 8 -> updateLong(memory, w, lane);
            case 4 -> updateInt(memory, w, lane);
            default -> updateShort(memory, w, lane);
          };
      if (result != null) {
        int i = Warp.LANES * result.number() + lane;
        if (result.file() == File.WIDE) {
          w.d[i] = before;
        } else {
          w.r[i] = (int) before;
        }
      }
    }
  }

  private int updateInt(DeviceMemory memory, Warp w, int lane) {
    long at = w.at[lane];
    while (true) {
      int before = memory.getInt(at);
      int after = (int) combine(before, operand(w, 0, lane), w, lane);
      if (before == after || memory.compareAndSetInt(at, before, after)) {
        return before;
      }
    }
  }

  private long updateLong(DeviceMemory memory, Warp w, int lane) {
    long at = w.at[lane];
    while (true) {
      long before = memory.getLong(at);
      long after = combine(before, operand(w, 0, lane), w, lane);
      if (before == after || memory.compareAndSetLong(at, before, after)) {
        return before;
      }
    }
  }

  /** A half lives in an aligned group of four bytes, which is swapped as a whole. */
  private int updateShort(DeviceMemory memory, Warp w, int lane) {
    long at = w.at[lane];
    int shift = (int) (at & 2) * 8;
    while (true) {
      int group = memory.getInt(at & ~3L);
      int before = group >>> shift & 0xFFFF;
      int after = (int) combine(before, operand(w, 0, lane), w, lane) & 0xFFFF;
      int swapped = group & ~(0xFFFF << shift) | after << shift;
      if (group == swapped || memory.compareAndSetInt(at & ~3L, group, swapped)) {
        return before;
      }
    }
  }

  private long operand(Warp w, int k, int lane) {
    if (operandSlots[k] == null) {
      return ((Operand.Immediate) operands[k]).bits();
    }
    int i = Warp.LANES * operandSlots[k].number() + lane;
    return operandSlots[k].file() == File.WIDE ? w.d[i] : w.r[i];
  }

  private long combine(long a, long b, Warp w, int lane) {
    return switch (op) {
      case "exch" -> b;
      case "cas" -> same(a, b) ? operand(w, 1, lane) : a;
      case "and" -> a & b;
      case "or" -> a | b;
      case "xor" -> a ^ b;
      case "inc" -> Integer.compareUnsigned((int) a, (int) b) >= 0 ? 0 : a + 1;
      case "dec" -> (int) a == 0 || Integer.compareUnsigned((int) a, (int) b) > 0 ? b : a - 1;
      default -> sum(a, b);
    };
  }

  private boolean same(long a, long b) {
    return type.bytes() == 8
        ? a == b
        : type.bytes() == 4 ? (int) a == (int) b : (short) a == (short) b;
  }

  private long sum(long a, long b) {
    return switch (type) {
      case S32 -> IntegerSum.of(op, (int) a, (int) b);
      case U32, B32 -> IntegerSum.of(op, a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
      case S64 -> IntegerSum.of(op, a, b);
      case U64, B64 -> IntegerSum.ofUnsigned(op, a, b);
      case F32 ->
          Float.floatToRawIntBits(
              real(Float.intBitsToFloat((int) a), Float.intBitsToFloat((int) b)));
      case F64 ->
          Double.doubleToRawLongBits(Double.longBitsToDouble(a) + Double.longBitsToDouble(b));
      case F16 -> half((int) a & 0xFFFF, (int) b & 0xFFFF);
      case BF16 -> bfloat((int) a & 0xFFFF, (int) b & 0xFFFF);
      case F16X2 ->
          half((int) a & 0xFFFF, (int) b & 0xFFFF) | half((int) a >>> 16, (int) b >>> 16) << 16;
      default ->
          bfloat((int) a & 0xFFFF, (int) b & 0xFFFF) | bfloat((int) a >>> 16, (int) b >>> 16) << 16;
    };
  }

  private float real(float a, float b) {
    return op.equals("min")
        ? FloatOps.min(a, b)
        : op.equals("max") ? FloatOps.max(a, b) : FloatOps.add(a, b);
  }

  private int half(int a, int b) {
    return ConvertOps.toHalf(real(ConvertOps.fromHalf(a), ConvertOps.fromHalf(b)));
  }

  private int bfloat(int a, int b) {
    return ConvertOps.toBfloat(real(ConvertOps.fromBfloat(a), ConvertOps.fromBfloat(b)));
  }

  /** add, min and max of integers that are widened by their signedness. */
  private static final class IntegerSum {
    static long of(String op, long a, long b) {
      return op.equals("min") ? Math.min(a, b) : op.equals("max") ? Math.max(a, b) : a + b;
    }

    static long ofUnsigned(String op, long a, long b) {
      return op.equals("min")
          ? IntegerOps.minUnsigned(a, b)
          : op.equals("max") ? IntegerOps.maxUnsigned(a, b) : a + b;
    }
  }
}
