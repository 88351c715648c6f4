package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxType;
import engine.backend.sim.ptx.PtxType.Kind;
import java.util.List;

/** The bytecode of {@code mov}, {@code ld.param} and {@code cvta}. */
final class Moves {
  private final int parametersLocal;

  /**
   * @param parametersLocal the JVM local that holds the parameter block
   */
  Moves(int parametersLocal) {
    this.parametersLocal = parametersLocal;
  }

  void move(Emitter emit, Instruction i) {
    Operand to = i.operands().get(0);
    Operand from = i.operands().get(1);
    PtxType type = i.type();
    Class<?> java = java(type);
    if (to instanceof Operand.Vector(List<Operand> parts)) {
      int bits = 8 * type.bytes() / parts.size();
      for (int k = 0; k < parts.size(); k++) {
        emit.push(from, type, java);
        emit.code.loadConstant(k * bits);
        if (java == long.class) {
          emit.code.lushr();
        } else {
          emit.code.iushr();
        }
        emit.store(parts.get(k), type, java);
      }
    } else if (from instanceof Operand.Vector(List<Operand> parts)) {
      join(emit, parts, type, java);
      emit.store(to, type, java);
    } else {
      emit.push(from, raw(type), java);
      emit.store(to, raw(type), java);
    }
  }

  /** {@code mov.b64 d, {a, b}}: the first part is the lowest. */
  private static void join(Emitter emit, List<Operand> parts, PtxType type, Class<?> java) {
    int bits = 8 * type.bytes() / parts.size();
    PtxType part = bits == 32 ? PtxType.U32 : bits == 16 ? PtxType.U16 : PtxType.U8;
    for (int k = 0; k < parts.size(); k++) {
      emit.push(parts.get(k), part, java);
      emit.code.loadConstant(k * bits);
      if (java == long.class) {
        emit.code.lshl();
      } else {
        emit.code.ishl();
      }
      if (k > 0 && java == long.class) {
        emit.code.lor();
      } else if (k > 0) {
        emit.code.ior();
      }
    }
  }

  /** {@code ld.param}: each element is read from the parameter block. */
  void parameter(Emitter emit, Instruction i) {
    PtxType type = i.type();
    if (!(i.operands().get(1) instanceof Operand.Address(Operand base, long offset))) {
      throw emit.wrong("ld.param needs an address in brackets");
    }
    int at = (int) offset;
    Operand to = i.operands().getFirst();
    List<Operand> parts = to instanceof Operand.Vector(List<Operand> many) ? many : List.of(to);
    boolean signed = type.kind() == Kind.SIGNED;
    for (Operand part : parts) {
      emit.code.aload(parametersLocal);
      // a parameter's address is its place in the block; a register holds one to index an array
      emit.push(base, PtxType.B64, long.class);
      emit.code.l2i().loadConstant(at).iadd();
      switch (type.bytes()) {
        case 1 -> get(emit, signed ? "signedByte" : "unsignedByte", int.class);
        case 2 -> get(emit, signed ? "signedShort" : "unsignedShort", int.class);
        case 4 -> get(emit, "word", int.class);
        default -> get(emit, "doubleWord", long.class);
      }
      Class<?> java = java(type);
      emit.store(part, raw(type), java);
      at += type.bytes();
    }
  }

  private static void get(Emitter emit, String method, Class<?> result) {
    emit.call(Parameters.class, method, result, byte[].class, int.class);
  }

  /** {@code cvta}: between a space's own addresses and generic ones, which differ by a constant. */
  void changeSpace(Emitter emit, Instruction i) {
    long window = i.has("shared") ? Spaces.SHARED : i.has("local") ? Spaces.LOCAL : 0;
    if (i.type().bytes() != 8) {
      throw emit.wrong(i.opcode() + " is not implemented: the software GPU has 64-bit addresses");
    }
    emit.push(i.operands().get(1), PtxType.B64, long.class);
    emit.code.loadConstant(i.has("to") ? -window : window);
    emit.code.ladd();
    emit.store(i.operands().getFirst(), PtxType.B64, long.class);
  }

  private static Class<?> java(PtxType t) {
    return t.bytes() == 8 ? long.class : int.class;
  }

  /** Moves copy bits. */
  private static PtxType raw(PtxType t) {
    return switch (t.bytes()) {
      case 0 -> PtxType.PRED;
      case 8 -> PtxType.B64;
      case 4 -> PtxType.B32;
      default -> t;
    };
  }
}
