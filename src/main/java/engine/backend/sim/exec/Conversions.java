package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxType;
import engine.backend.sim.ptx.PtxType.Kind;
import java.lang.classfile.CodeBuilder;
import java.util.List;

/** The bytecode of {@code cvt}: source into a long or a double, then down to the result's type. */
final class Conversions {
  private final Emitter emit;
  private final CodeBuilder code;

  Conversions(Emitter emit) {
    this.emit = emit;
    this.code = emit.code;
  }

  void convert(Instruction i) {
    List<String> modifiers = i.modifiers();
    PtxType from = i.type();
    PtxType to = PtxType.of(modifiers.get(modifiers.size() - 2));
    if (from == null || to == null || i.has("pack")) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    if (to.kind() == Kind.PACKED) {
      pack(i, to);
    } else if (from.kind() == Kind.FLOAT) {
      pushReal(i, i.operands().get(1), from);
      if (to.kind() == Kind.FLOAT) {
        realToReal(i, to);
      } else {
        round(i);
        code.loadConstant(8 * to.bytes());
        String saturate = to.kind() == Kind.SIGNED ? "toSigned" : "toUnsigned";
        emit.call(ConvertOps.class, saturate, long.class, double.class, int.class);
        storeInteger(i, to);
      }
    } else {
      emit.push(i.operands().get(1), from, long.class);
      if (to.kind() == Kind.FLOAT) {
        integerToReal(i, from, to);
      } else {
        if (i.has("sat")) {
          clamp(i, from, to);
        }
        storeInteger(i, to);
      }
    }
  }

  private void pushReal(Instruction i, Operand o, PtxType from) {
    if (from == PtxType.F32 && i.has("ftz")) {
      emit.push(o, from, float.class);
      emit.call(FloatOps.class, "flush", float.class, float.class);
      code.f2d();
    } else {
      emit.push(o, from, double.class);
    }
  }

  /** The rounding to an integer, if there is one. */
  private void round(Instruction i) {
    for (String mode : List.of("rni", "rzi", "rmi", "rpi")) {
      if (i.has(mode)) {
        emit.call(OpTable.method(mode));
      }
    }
  }

  private void realToReal(Instruction i, PtxType to) {
    round(i);
    if (to == PtxType.F64) {
      emit.store(i.operands().getFirst(), to, double.class);
      return;
    }
    if (to == PtxType.F32) {
      emit.call(OpTable.method(directed(i)));
      if (i.has("ftz")) {
        emit.call(FloatOps.class, "flush", float.class, float.class);
      }
      saturate(i);
      emit.store(i.operands().getFirst(), to, float.class);
      return;
    }
    half(i, to);
    emit.store(i.operands().getFirst(), PtxType.B16, int.class);
  }

  /** The double on the stack becomes the bits of a half. */
  private void half(Instruction i, PtxType to) {
    boolean bfloat = to == PtxType.BF16 || to == PtxType.BF16X2;
    emit.call(ConvertOps.class, "towardsHalf", float.class, double.class);
    saturate(i);
    if (i.has("relu")) {
      emit.call(FloatOps.class, "relu", float.class, float.class);
    }
    String name = (bfloat ? "toBfloat" : "toHalf") + (i.has("rz") ? "TowardsZero" : "");
    emit.call(ConvertOps.class, name, int.class, float.class);
  }

  private void saturate(Instruction i) {
    if (i.has("sat")) {
      emit.call(FloatOps.class, "saturate", float.class, float.class);
    }
  }

  private static String directed(Instruction i) {
    return i.has("rz") ? "rz" : i.has("rm") ? "rm" : i.has("rp") ? "rp" : "rn";
  }

  private void integerToReal(Instruction i, PtxType from, PtxType to) {
    boolean unsigned = from == PtxType.U64;
    if (to == PtxType.F32 && directed(i).equals("rn")) {
      String name = unsigned ? "unsignedToFloat" : "toFloat";
      emit.call(ConvertOps.class, name, float.class, long.class);
      emit.store(i.operands().getFirst(), to, float.class);
      return;
    }
    String name = unsigned ? "unsignedToDouble" : "toDouble";
    emit.call(ConvertOps.class, name, double.class, long.class);
    realToReal(i, to);
  }

  private void clamp(Instruction i, PtxType from, PtxType to) {
    if (from == PtxType.U64) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    code.loadConstant(8 * to.bytes());
    String name = to.kind() == Kind.SIGNED ? "clampSigned" : "clampUnsigned";
    emit.call(ConvertOps.class, name, long.class, long.class, int.class);
  }

  /** Cut to the result's width, then widened to its register's by its signedness. */
  private void storeInteger(Instruction i, PtxType to) {
    if (to.bytes() < 8) {
      code.l2i();
      switch (to) {
        case S8 -> code.i2b();
        case S16 -> code.i2s();
        case U8, B8 -> {
          code.loadConstant(0xFF);
          code.iand();
        }
        case U16, B16 -> {
          code.loadConstant(0xFFFF);
          code.iand();
        }
        default -> {}
      }
      emit.store(i.operands().getFirst(), to, int.class);
    } else {
      emit.store(i.operands().getFirst(), to, long.class);
    }
  }

  /** {@code cvt.rn.f16x2.f32 d, a, b}: a into the high half, b into the low one. */
  private void pack(Instruction i, PtxType to) {
    if (i.operands().size() != 3) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    pushReal(i, i.operands().get(1), PtxType.F32);
    half(i, to);
    code.loadConstant(16);
    code.ishl();
    pushReal(i, i.operands().get(2), PtxType.F32);
    half(i, to);
    code.ior();
    emit.store(i.operands().getFirst(), PtxType.B32, int.class);
  }
}
