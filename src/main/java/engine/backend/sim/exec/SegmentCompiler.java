package engine.backend.sim.exec;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_STATIC;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Compiles segments to a hidden class, a static method each:
 *
 * <pre>{@code
 * for (int m = mask; m != 0; m &= m - 1) {
 *   int lane = Integer.numberOfTrailingZeros(m);
 *   int r7 = r[7 * 32 + lane];            // registers that the segment reads
 *   int r8 = IntegerOps.add(r7, 4);       // its instructions
 *   r[8 * 32 + lane] = r8;                // registers that are read later
 * }
 * }</pre>
 *
 * So the JVM's own compiler keeps a lane's values in machine registers, and the semantics of an
 * instruction stay one readable Java method.
 */
final class SegmentCompiler {
  /** HotSpot leaves methods of more than 8000 bytes to its interpreter. */
  static final int LONGEST = 150;

  private static final int R = 0;
  private static final int D = 1;
  private static final int P = 2;
  private static final int PARAMETERS = 3;
  private static final int MASK = 4;
  private static final ClassDesc ME =
      ClassDesc.of(SegmentCompiler.class.getPackageName(), "CompiledKernel");
  private static final MethodTypeDesc SEGMENT = MethodTypeDesc.ofDescriptor("([I[J[I[BI)V");
  private static final MethodTypeDesc RUN = MethodTypeDesc.ofDescriptor("(I[I[J[I[BI)V");

  private record Segment(List<Instruction> instructions, Set<Operand.Register> liveAfter) {}

  private final Registers registers;
  private final ToLongFunction<String> addresses;
  private final List<Segment> segments = new ArrayList<>();

  SegmentCompiler(Registers registers, ToLongFunction<String> addresses) {
    this.registers = registers;
    this.addresses = addresses;
  }

  /**
   * The number of a new segment.
   *
   * @param liveAfter registers that are read after it
   */
  int add(List<Instruction> instructions, Set<Operand.Register> liveAfter) {
    segments.add(new Segment(List.copyOf(instructions), liveAfter));
    return segments.size() - 1;
  }

  Segments compile() {
    byte[] bytes =
        ClassFile.of()
            .build(
                ME,
                c -> {
                  c.withFlags(ACC_FINAL).withSuperclass(Emitter.desc(Segments.class));
                  c.withMethodBody(
                      ConstantDescs.INIT_NAME,
                      ConstantDescs.MTD_void,
                      0,
                      code -> {
                        code.aload(0);
                        code.invokespecial(
                            Emitter.desc(Segments.class),
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void);
                        code.return_();
                      });
                  c.withMethodBody("run", RUN, ACC_FINAL, this::dispatch);
                  for (int s = 0; s < segments.size(); s++) {
                    Segment segment = segments.get(s);
                    c.withMethodBody(name(s), SEGMENT, ACC_STATIC, code -> segment(code, segment));
                  }
                });
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (Segments)
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable t) {
      throw new IllegalStateException("the compiled kernel cannot be loaded", t);
    }
  }

  private static String name(int segment) {
    return "segment" + segment;
  }

  private void dispatch(CodeBuilder code) {
    List<SwitchCase> cases = new ArrayList<>();
    for (int s = 0; s < segments.size(); s++) {
      cases.add(SwitchCase.of(s, code.newLabel()));
    }
    Label end = code.newLabel();
    code.iload(1);
    code.tableswitch(end, cases);
    for (SwitchCase c : cases) {
      code.labelBinding(c.target());
      code.aload(2).aload(3).aload(4).aload(5).iload(6);
      code.invokestatic(ME, name(c.caseValue()), SEGMENT);
      code.return_();
    }
    code.labelBinding(end);
    code.return_();
  }

  private void segment(CodeBuilder code, Segment segment) {
    Use use = use(segment);
    Map<Slot, Integer> locals = new LinkedHashMap<>();
    for (Slot s : use.touched) {
      boolean wide = s.file() == File.WIDE;
      locals.put(s, code.allocateLocal(wide ? TypeKind.LONG : TypeKind.INT));
    }
    Map<Slot, Integer> predicatesOut = new LinkedHashMap<>();
    for (Slot s : use.out) {
      if (s.file() == File.PREDICATE) {
        int local = code.allocateLocal(TypeKind.INT);
        predicatesOut.put(s, local);
        code.loadConstant(0);
        code.istore(local);
      }
    }
    int left = code.allocateLocal(TypeKind.INT);
    int lane = code.allocateLocal(TypeKind.INT);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iload(MASK).istore(left);
    code.labelBinding(next);
    code.iload(left).ifeq(end);
    code.iload(left);
    code.invokestatic(
        Emitter.desc(Integer.class),
        "numberOfTrailingZeros",
        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int));
    code.istore(lane);
    code.iload(left).iload(left).loadConstant(1).isub().iand().istore(left);
    use.in.forEach(s -> fetch(code, s, locals.get(s), lane));
    Emitter emit = new Emitter(code, registers, locals, addresses);
    LaneCode laneCode = new LaneCode(emit, new Moves(PARAMETERS));
    segment.instructions.forEach(laneCode::instruction);
    use.out.forEach(s -> keep(code, s, locals.get(s), lane, predicatesOut));
    code.goto_(next);
    code.labelBinding(end);
    predicatesOut.forEach((s, local) -> mergePredicate(code, s, local));
    code.return_();
  }

  private static void fetch(CodeBuilder code, Slot s, int local, int lane) {
    switch (s.file()) {
      case NARROW -> {
        index(code.aload(R), s, lane);
        code.iaload().istore(local);
      }
      case WIDE -> {
        index(code.aload(D), s, lane);
        code.laload().lstore(local);
      }
      case PREDICATE -> {
        code.aload(P).loadConstant(s.number()).iaload();
        code.iload(lane).iushr().loadConstant(1).iand().istore(local);
      }
    }
  }

  private static void keep(
      CodeBuilder code, Slot s, int local, int lane, Map<Slot, Integer> predicatesOut) {
    switch (s.file()) {
      case NARROW -> {
        index(code.aload(R), s, lane);
        code.iload(local).iastore();
      }
      case WIDE -> {
        index(code.aload(D), s, lane);
        code.lload(local).lastore();
      }
      case PREDICATE -> {
        int sum = predicatesOut.get(s);
        code.iload(local).iload(lane).ishl().iload(sum).ior().istore(sum);
      }
    }
  }

  private static void index(CodeBuilder code, Slot s, int lane) {
    code.iload(lane);
    if (s.number() > 0) {
      code.loadConstant(32 * s.number()).iadd();
    }
  }

  /** p = p & ~mask | computed. */
  private static void mergePredicate(CodeBuilder code, Slot s, int computed) {
    code.aload(P).loadConstant(s.number());
    code.aload(P).loadConstant(s.number()).iaload();
    code.iload(MASK).loadConstant(-1).ixor().iand();
    code.iload(computed).ior();
    code.iastore();
  }

  /** Which registers a segment touches, needs from before, and leaves for later. */
  private record Use(Set<Slot> touched, Set<Slot> in, Set<Slot> out) {}

  private Use use(Segment segment) {
    Use u = new Use(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    Set<Slot> written = new HashSet<>();
    for (Instruction i : segment.instructions) {
      List<Operand> reads = new ArrayList<>(Effects.reads(i));
      i.operands().stream().filter(o -> o instanceof Operand.Special).forEach(reads::add);
      for (Operand o : reads) {
        Slot s = registers.of(o);
        u.touched.add(s);
        if (!written.contains(s)) {
          u.in.add(s);
        }
      }
      for (Operand.Register r : Effects.writes(i)) {
        Slot s = registers.of(r);
        u.touched.add(s);
        written.add(s);
        if (segment.liveAfter.contains(r)) {
          u.out.add(s);
        }
      }
    }
    return u;
  }
}
