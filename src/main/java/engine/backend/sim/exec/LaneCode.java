package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxType;
import engine.backend.sim.ptx.PtxType.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes the JVM bytecode of one instruction for one lane: push the operands, call the method of
 * {@link OpTable}, store the result.
 */
final class LaneCode {
  /** Modifiers that choose no other method. */
  private static final Set<String> SILENT = Set.of("rn", "ftz", "relu");

  private final Emitter emit;
  private final CodeBuilder code;
  private final Conversions conversions;
  private final Moves moves;

  LaneCode(Emitter emit, Moves moves) {
    this.emit = emit;
    this.code = emit.code;
    this.conversions = new Conversions(emit);
    this.moves = moves;
  }

  /** Whether an instruction works on registers alone, each lane for itself. */
  static boolean isLaneWork(Instruction i) {
    return switch (i.mnemonic()) {
      case "st",
          "red",
          "atom",
          "bra",
          "brx",
          "bar",
          "barrier",
          "membar",
          "fence",
          "ret",
          "exit",
          "trap",
          "prefetch",
          "prefetchu",
          "nanosleep",
          "shfl",
          "vote",
          "match",
          "activemask",
          "redux",
          "cp",
          "mma",
          "ldmatrix",
          "ldu",
          "call",
          "elect",
          "discard",
          "pmevent",
          "brkpt" ->
          false;
      case "ld" -> i.has("param");
      default -> true;
    };
  }

  void instruction(Instruction i) {
    emit.at(i.ptxLine());
    if (i.guard() == null) {
      unguarded(i);
      return;
    }
    Label skip = code.newLabel();
    emit.push(i.guard(), PtxType.PRED, int.class);
    if (i.guardNegated()) {
      code.ifne(skip);
    } else {
      code.ifeq(skip);
    }
    unguarded(i);
    code.labelBinding(skip);
  }

  private void unguarded(Instruction i) {
    switch (i.mnemonic()) {
      case "mov" -> moves.move(emit, i);
      case "ld" -> moves.parameter(emit, i);
      case "cvta" -> moves.changeSpace(emit, i);
      case "cvt" -> conversions.convert(i);
      case "setp" -> setPredicate(i);
      case "set" -> set(i);
      case "selp" -> select(i);
      case "slct" -> selectBySign(i);
      default -> arithmetic(i);
    }
  }

  // ---- arithmetic: whatever OpTable knows ----

  private void arithmetic(Instruction i) {
    PtxType type = i.type();
    if (type == null) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    Method m = method(i, type);
    if (type.kind() == Kind.PACKED) {
      packed(i, type, m);
      return;
    }
    operands(i, type, m, -1);
    emit.call(m);
    finish(i, m.getReturnType());
    emit.store(i.operands().getFirst(), type, m.getReturnType());
  }

  /** Two halves in one register: the low one, then the high one, joined. */
  private void packed(Instruction i, PtxType type, Method m) {
    for (int half = 0; half < 2; half++) {
      operands(i, type, m, half);
      emit.call(m);
      finish(i, m.getReturnType());
      emit.pushedFloatToInt(type);
    }
    code.loadConstant(16);
    code.ishl();
    code.ior();
    emit.store(i.operands().getFirst(), type, int.class);
  }

  private void operands(Instruction i, PtxType type, Method m, int half) {
    Class<?>[] wanted = m.getParameterTypes();
    if (wanted.length != i.operands().size() - 1) {
      throw emit.wrong(i.opcode() + " takes " + wanted.length + " operands");
    }
    for (int k = 0; k < wanted.length; k++) {
      Operand o = i.operands().get(k + 1);
      if (half >= 0) {
        emit.push(o, PtxType.B32, int.class);
        if (half == 1) {
          code.loadConstant(16);
          code.iushr();
        } else {
          code.loadConstant(0xFFFF);
          code.iand();
        }
        emit.pushedIntToFloat(type);
      } else {
        emit.push(o, type(type, wanted[k], i, k), wanted[k]);
      }
      if (wanted[k] == float.class && i.has("ftz")) {
        emit.call(FloatOps.class, "flush", float.class, float.class);
      }
    }
  }

  /** An operand's type differs from the instruction's where its width does: amounts, wide sums. */
  private static PtxType type(PtxType type, Class<?> wanted, Instruction i, int operand) {
    boolean shiftAmount = operand > 0 && i.mnemonic().startsWith("sh");
    if (shiftAmount || (wanted == int.class && type.bytes() == 8)) {
      return PtxType.U32;
    }
    return wanted == long.class && type.bytes() < 8 ? PtxType.B64 : type;
  }

  private void finish(Instruction i, Class<?> result) {
    if (result != float.class) {
      return;
    }
    if (i.has("ftz")) {
      emit.call(FloatOps.class, "flush", float.class, float.class);
    }
    if (i.has("sat")) {
      emit.call(FloatOps.class, "saturate", float.class, float.class);
    }
    if (i.has("relu")) {
      emit.call(FloatOps.class, "relu", float.class, float.class);
    }
  }

  private Method method(Instruction i, PtxType type) {
    boolean real = type.kind() == Kind.FLOAT || type.kind() == Kind.PACKED;
    List<String> parts = new ArrayList<>();
    parts.add(i.mnemonic());
    List<String> modifiers = i.modifiers();
    for (String m : modifiers.subList(0, modifiers.size() - 1)) {
      if (!SILENT.contains(m) && !(real && m.equals("sat"))) {
        parts.add(m);
      }
    }
    boolean half = real && type.bytes() != 8 && type != PtxType.F32;
    if (half && i.mnemonic().equals("fma")) {
      parts.add("f16");
    } else {
      parts.add(real ? (half ? "f32" : type.ptx()) : wordType(type));
    }
    Method m = OpTable.method(String.join(".", parts));
    if (m == null || (type.bytes() == 2 && i.opcode().startsWith("mul.hi"))) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    return m;
  }

  /** The 32-bit type that stands for the narrower ones of its kind. */
  private static String wordType(PtxType t) {
    if (t.bytes() == 8 || t.bytes() == 4 || t.bytes() == 0) {
      return t.ptx();
    }
    return t.kind() == Kind.SIGNED ? "s32" : t.kind() == Kind.UNSIGNED ? "u32" : "b32";
  }

  // ---- comparisons and choices ----

  /** {@code setp.CMP[.BOOL].TYPE p[|q], a, b[, c]}. */
  private void setPredicate(Instruction i) {
    Operand to = i.operands().getFirst();
    compare(i, i.type());
    combine(i);
    if (to instanceof Operand.Pair(Operand p, Operand q)) {
      emit.store(p, PtxType.PRED, int.class);
      compare(i, i.type());
      code.loadConstant(1);
      code.ixor();
      combine(i);
      emit.store(q, PtxType.PRED, int.class);
    } else {
      emit.store(to, PtxType.PRED, int.class);
    }
  }

  private void combine(Instruction i) {
    if (i.operands().size() < 4) {
      return;
    }
    emit.push(i.operands().get(3), PtxType.PRED, int.class);
    if (i.has("and")) {
      code.iand();
    } else if (i.has("or")) {
      code.ior();
    } else {
      code.ixor();
    }
  }

  /** {@code set.CMP.DEST.TYPE d, a, b}: all ones or 1.0 for true. */
  private void set(Instruction i) {
    List<String> modifiers = i.modifiers();
    PtxType result = PtxType.of(modifiers.get(modifiers.size() - 2));
    if (result == null || result.bytes() != 4 || result.kind() == Kind.PACKED) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    compare(i, i.type());
    combine(i);
    if (result == PtxType.F32) {
      code.i2f();
      emit.store(i.operands().getFirst(), result, float.class);
    } else {
      code.ineg();
      emit.store(i.operands().getFirst(), result, int.class);
    }
  }

  /** Pushes 1 or 0. */
  private void compare(Instruction i, PtxType type) {
    String op = i.modifiers().getFirst();
    boolean real = type.kind() == Kind.FLOAT;
    boolean unsignedName = Set.of("lo", "ls", "hi", "hs").contains(op);
    String ordered =
        switch (op) {
          case "lo" -> "lt";
          case "ls" -> "le";
          case "hi" -> "gt";
          case "hs" -> "ge";
          default -> op;
        };
    boolean wideUnsigned = type.bytes() == 8 && (type.kind() == Kind.UNSIGNED || unsignedName);
    boolean equality = op.equals("eq") || op.equals("ne");
    String kind = real ? ".float" : wideUnsigned && !equality ? ".u64" : ".int";
    Method m = OpTable.method(ordered + kind);
    if (m == null || type.kind() == Kind.PACKED) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    for (int k = 1; k <= 2; k++) {
      if (real && i.has("ftz")) {
        emit.push(i.operands().get(k), type, float.class);
        emit.call(FloatOps.class, "flush", float.class, float.class);
        code.f2d();
      } else {
        emit.push(i.operands().get(k), type, m.getParameterTypes()[0]);
      }
    }
    emit.call(m);
  }

  /** {@code selp d, a, b, p}: a where p, else b. */
  private void select(Instruction i) {
    boolean wide = i.type().bytes() == 8;
    PtxType bits = wide ? PtxType.B64 : PtxType.B32;
    Class<?> java = wide ? long.class : int.class;
    Label no = code.newLabel();
    Label done = code.newLabel();
    emit.push(i.operands().get(3), PtxType.PRED, int.class);
    code.ifeq(no);
    emit.push(i.operands().get(1), bits, java);
    code.goto_(done);
    code.labelBinding(no);
    emit.push(i.operands().get(2), bits, java);
    code.labelBinding(done);
    emit.store(i.operands().getFirst(), bits, java);
  }

  /** {@code slct.b32.s32 d, a, b, c}: a where c is not negative, else b. */
  private void selectBySign(Instruction i) {
    if (!i.opcode().matches("slct\\.[bsuf]32\\.s32")) {
      throw emit.wrong(i.opcode() + " is not implemented by the software GPU");
    }
    Label negative = code.newLabel();
    Label done = code.newLabel();
    emit.push(i.operands().get(3), PtxType.S32, int.class);
    code.iflt(negative);
    emit.push(i.operands().get(1), PtxType.B32, int.class);
    code.goto_(done);
    code.labelBinding(negative);
    emit.push(i.operands().get(2), PtxType.B32, int.class);
    code.labelBinding(done);
    emit.store(i.operands().getFirst(), PtxType.B32, int.class);
  }
}
