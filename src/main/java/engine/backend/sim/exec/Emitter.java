package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;
import engine.backend.sim.ptx.PtxType;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Moves values between PTX registers, which are JVM locals while a lane is computed, and the JVM's
 * stack, converting to the Java type that a method wants.
 */
final class Emitter {
  final CodeBuilder code;
  private final Registers registers;
  private final Map<Slot, Integer> locals;
  private final ToLongFunction<String> addresses;
  private int line;

  /**
   * @param locals the JVM local of each register that the segment touches
   * @param addresses of variables, in their own state space
   */
  Emitter(
      CodeBuilder code,
      Registers registers,
      Map<Slot, Integer> locals,
      ToLongFunction<String> addresses) {
    this.code = code;
    this.registers = registers;
    this.locals = locals;
    this.addresses = addresses;
  }

  /** The PTX line that errors name from here on. */
  void at(int ptxLine) {
    line = ptxLine;
  }

  PtxException wrong(String message) {
    return new PtxException(line, message);
  }

  /** Pushes an operand, read as PTX type {@code as}, as the Java type {@code want}. */
  void push(Operand o, PtxType as, Class<?> want) {
    switch (o) {
      case Operand.Immediate c -> constant(c, as, want);
      case Operand.Symbol s -> {
        long address = addresses.applyAsLong(s.name()) + s.offset();
        constant(new Operand.Immediate(address, null), as, want);
      }
      case Operand.Not n -> {
        pushRegister(n.register(), as, want);
        code.loadConstant(1);
        code.ixor();
      }
      case Operand.Register r -> pushRegister(r, as, want);
      case Operand.Special s -> pushRegister(s, as, want);
      default -> throw wrong(o + " cannot be read here");
    }
  }

  private void constant(Operand.Immediate c, PtxType as, Class<?> want) {
    double real =
        c.floating() == PtxType.F32
            ? Float.intBitsToFloat((int) c.bits())
            : c.floating() == PtxType.F64 ? Double.longBitsToDouble(c.bits()) : c.bits();
    if (want == float.class) {
      boolean half = c.floating() == null && as.bytes() == 2;
      code.loadConstant(half ? halfConstant((int) c.bits(), as) : (float) real);
    } else if (want == double.class) {
      code.loadConstant(real);
    } else if (want == long.class) {
      code.loadConstant(widen(c.bits(), as));
    } else {
      code.loadConstant((int) widen(c.bits(), as));
    }
  }

  private static float halfConstant(int bits, PtxType as) {
    return as == PtxType.BF16 ? ConvertOps.fromBfloat(bits) : ConvertOps.fromHalf(bits);
  }

  private static long widen(long bits, PtxType as) {
    boolean signed = as.kind() == PtxType.Kind.SIGNED;
    return switch (as.bytes()) {
      case 1 -> signed ? (byte) bits : bits & 0xFF;
      case 2 -> signed ? (short) bits : bits & 0xFFFF;
      case 4 -> signed ? (int) bits : bits & 0xFFFFFFFFL;
      default -> bits;
    };
  }

  private void pushRegister(Operand o, PtxType as, Class<?> want) {
    Slot slot = registers.of(o);
    int local = locals.get(slot);
    if (slot.file() == File.WIDE) {
      code.lload(local);
      if (want == int.class) {
        code.l2i();
        narrow(as);
      } else if (want == double.class) {
        call(Double.class, "longBitsToDouble", double.class, long.class);
      } else if (want == long.class && as.bytes() < 8 && as.bytes() > 0) {
        // cvt from the low part of a wide register
        code.l2i();
        narrow(as);
        widenOnStack(as);
      }
      return;
    }
    code.iload(local);
    if (want == float.class || want == double.class) {
      pushedIntToFloat(as);
      if (want == double.class) {
        code.f2d();
      }
    } else if (slot.file() == File.NARROW) {
      narrow(as);
      if (want == long.class) {
        widenOnStack(as);
      }
    }
  }

  /** The bits of a float type, as an int on the stack, become a float. */
  void pushedIntToFloat(PtxType as) {
    switch (as) {
      case F16, F16X2 -> call(ConvertOps.class, "fromHalf", float.class, int.class);
      case BF16, BF16X2 -> call(ConvertOps.class, "fromBfloat", float.class, int.class);
      default -> call(Float.class, "intBitsToFloat", float.class, int.class);
    }
  }

  private void narrow(PtxType as) {
    boolean signed = as.kind() == PtxType.Kind.SIGNED;
    if (as.bytes() == 1 && signed) {
      code.i2b();
    } else if (as.bytes() == 2 && signed) {
      code.i2s();
    } else if (as.bytes() == 1 || as.bytes() == 2) {
      code.loadConstant(as.bytes() == 1 ? 0xFF : 0xFFFF);
      code.iand();
    }
  }

  private void widenOnStack(PtxType as) {
    code.i2l();
    if (as.bytes() == 4 && as.kind() != PtxType.Kind.SIGNED) {
      code.loadConstant(0xFFFFFFFFL);
      code.land();
    }
  }

  /** The float on the stack becomes the bits of {@code as}. */
  void pushedFloatToInt(PtxType as) {
    switch (as) {
      case F16, F16X2 -> call(ConvertOps.class, "toHalf", int.class, float.class);
      case BF16, BF16X2 -> call(ConvertOps.class, "toBfloat", int.class, float.class);
      default -> call(Float.class, "floatToRawIntBits", int.class, float.class);
    }
  }

  /** Stores what is on the stack, a {@code have} that stands for a PTX {@code as}. */
  void store(Operand destination, PtxType as, Class<?> have) {
    if (destination instanceof Operand.Sink) {
      if (have == long.class || have == double.class) {
        code.pop2();
      } else {
        code.pop();
      }
      return;
    }
    if (!(destination instanceof Operand.Register r)) {
      throw wrong(destination + " cannot be written");
    }
    Slot slot = registers.of(r);
    Class<?> on = have;
    if (on == float.class) {
      pushedFloatToInt(as);
      on = int.class;
    } else if (on == double.class) {
      call(Double.class, "doubleToRawLongBits", long.class, double.class);
      on = long.class;
    }
    if (slot.file() == File.WIDE) {
      if (on != long.class) {
        code.i2l();
      }
      code.lstore(locals.get(slot));
      return;
    }
    if (on == long.class) {
      code.l2i();
    }
    if (r.type().bytes() == 1 || r.type().bytes() == 2) {
      code.loadConstant(r.type().bytes() == 1 ? 0xFF : 0xFFFF);
      code.iand();
    }
    code.istore(locals.get(slot));
  }

  void call(Class<?> home, String name, Class<?> result, Class<?>... parameters) {
    ClassDesc[] types = new ClassDesc[parameters.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = desc(parameters[i]);
    }
    code.invokestatic(desc(home), name, MethodTypeDesc.of(desc(result), types));
  }

  void call(Method m) {
    call(m.getDeclaringClass(), m.getName(), m.getReturnType(), m.getParameterTypes());
  }

  static ClassDesc desc(Class<?> c) {
    return ClassDesc.ofDescriptor(c.descriptorString());
  }
}
