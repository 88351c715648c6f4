package engine.backend.cpu.int8;

import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.DnnlStatus;
import engine.backend.cpu.dnnl.ExecArgs;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.HugeArena;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a quantised network does, one thing after another: primitives with their arguments bound,
 * and Java kernels. Owns the primitives, their memory objects and their one scratchpad.
 */
final class Int8Steps implements AutoCloseable {
  /** One thing to do. */
  private interface Step {
    void run();
  }

  /** Arguments of a primitive as they are gathered. */
  final class Arguments {
    private final List<long[]> list = new ArrayList<>();

    void add(int role, Md md, long address) {
      add(role, memory(md, address));
    }

    void add(int role, long memory) {
      list.add(new long[] {role, memory});
    }
  }

  private final DnnlContext dnnl;
  private final HugeArena arena;
  private final Arena arguments = Arena.ofShared();
  private final List<Step> steps = new ArrayList<>();
  private final List<Primitive> made = new ArrayList<>();
  private final List<Long> memories = new ArrayList<>();
  private final Map<String, String> implementations = new LinkedHashMap<>();
  private final List<MemorySegment> scratchSlots = new ArrayList<>();
  private long scratch;
  private long scratchBytes;

  Int8Steps(DnnlContext dnnl, HugeArena arena) {
    this.dnnl = dnnl;
    this.arena = arena;
  }

  Arguments arguments() {
    return new Arguments();
  }

  /** A kernel in Java that computes a layer. */
  void add(String layer, Runnable kernel) {
    add(kernel);
    implementations.put(layer, "java");
  }

  /** What goes before a layer's kernel. */
  void add(Runnable kernel) {
    steps.add(kernel::run);
  }

  void execute(String layer, Primitive p, Arguments args) {
    made.add(p);
    implementations.put(layer, p.implementation());
    int n = args.list.size() + (p.scratchpad() > 0 ? 1 : 0);
    ExecArgs a = ExecArgs.allocate(arguments, n);
    for (int i = 0; i < args.list.size(); i++) {
      a.set(i, (int) args.list.get(i)[0], args.list.get(i)[1]);
    }
    if (p.scratchpad() > 0) {
      a.set(n - 1, Dnnl.DNNL_ARG_SCRATCHPAD, 0);
      scratchSlots.add(a.memory(n - 1));
    }
    scratchBytes = Math.max(scratchBytes, p.scratchpad());
    steps.add(() -> dnnl.launch(p, n, a.address()));
  }

  /** One scratchpad serves all: they run one after another. */
  void giveScratch() {
    if (scratchBytes > 0) {
      scratch = arena.allocate(scratchBytes);
      long memory = memory(dnnl.mds.rowMajor(Shape.of(1), DType.U8), scratch);
      scratchSlots.forEach(s -> s.set(ValueLayout.JAVA_LONG, 0, memory));
    }
  }

  /** A oneDNN memory object over {@code address}, which lives as long as this list. */
  long memory(Md md, long address) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(8);
      DnnlStatus.check(
          Dnnl.dnnl_memory_create(out.address(), md.handle, dnnl.engine(), address),
          "dnnl_memory_create",
          md);
      long m = out.get(ValueLayout.JAVA_LONG, 0);
      memories.add(m);
      return m;
    }
  }

  void runFirst() {
    steps.getFirst().run();
  }

  void runOthers() {
    for (int i = 1; i < steps.size(); i++) {
      steps.get(i).run();
    }
  }

  /** What computes each layer, by its name. */
  Map<String, String> implementations() {
    return Map.copyOf(implementations);
  }

  @Override
  public void close() {
    memories.forEach(Dnnl::dnnl_memory_destroy);
    for (Primitive p : made) {
      Dnnl.dnnl_primitive_destroy(p.handle());
      Dnnl.dnnl_primitive_desc_destroy(p.descriptor());
    }
    if (scratch != 0) {
      arena.free(scratch, scratchBytes);
    }
    arguments.close();
  }
}
