package engine.backend.cpu.dnnl;

import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.Parallel;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * oneDNN's engine and stream, the primitives made so far, and the way to run them. Calls may come
 * from any thread, one at a time.
 */
public final class DnnlContext {
  private static final int MAX_ARGS = 16;
  private static final int MEMORY_OBJECTS = 65536;

  /** Creates a primitive descriptor at {@code out}; returns a status. */
  public interface Create {
    int into(long out, long engine, long attr, Arena arena);
  }

  private record MemoryKey(int md, long address) {}

  public final MdTable mds;
  private final CpuQueue queue;
  private final long engine;
  private final long stream;
  private final long defaultAttr;
  private final HugeArena arena;
  private final Parallel parallel;
  private final Map<Object, Primitive> primitives = new HashMap<>();
  private final Map<MemoryKey, Long> memories = new HashMap<>();
  private final Map<MemoryKey, Long> recordedMemories = new HashMap<>();
  private final ExecArgs eagerArgs = ExecArgs.allocate(Arena.global(), MAX_ARGS);
  private final Md scratchMd;
  private long scratch;
  private long scratchBytes;

  public DnnlContext(CpuQueue queue, HugeArena arena, Parallel parallel) {
    this.queue = queue;
    this.arena = arena;
    this.parallel = parallel;
    parallel.bind();
    int isa = Dnnl.dnnl_get_effective_cpu_isa();
    this.mds =
        new MdTable(
            (isa & Dnnl.dnnl_cpu_isa_avx512_core) == Dnnl.dnnl_cpu_isa_avx512_core ? 16 : 8);
    engine = out("dnnl_engine_create", p -> Dnnl.dnnl_engine_create(p, Dnnl.dnnl_cpu, 0));
    stream =
        out(
            "dnnl_stream_create",
            p -> Dnnl.dnnl_stream_create(p, engine, Dnnl.dnnl_stream_default_flags));
    defaultAttr = newAttr();
    scratchMd = mds.rowMajor(Shape.of(1), DType.U8);
  }

  /** The primitive made before under {@code key}, or a new one. */
  public Primitive primitive(Object key, Supplier<Primitive> make) {
    Primitive p = primitives.get(key);
    if (p == null) {
      p = make.get();
      primitives.put(key, p);
    }
    return p;
  }

  /**
   * Compiles a primitive.
   *
   * @param queries what to ask for source, weights and destination ({@code dnnl_query_*_md}; 0 for
   *     none)
   * @param shapes shape and type of the three, in the same order, null for none
   * @param postOps dnnl_post_ops_t, or 0
   */
  public Primitive compile(
      String call, Object what, int[] queries, Md[] shapes, long postOps, Create create) {
    return compile(call, what, queries, shapes, postOps, null, create);
  }

  /** Sets attributes before a primitive is made. */
  public interface Attributes {
    void set(long attr);
  }

  /** The same with more attributes than post-ops, or null. */
  public Primitive compile(
      String call,
      Object what,
      int[] queries,
      Md[] shapes,
      long postOps,
      Attributes attributes,
      Create create) {
    parallel.bind();
    try (Arena local = Arena.ofConfined()) {
      long attr = defaultAttr;
      if (postOps != 0 || attributes != null) {
        attr = newAttr();
      }
      if (attributes != null) {
        attributes.set(attr);
      }
      if (postOps != 0) {
        DnnlStatus.check(
            Dnnl.dnnl_primitive_attr_set_post_ops(attr, postOps),
            "dnnl_primitive_attr_set_post_ops",
            what);
      }
      MemorySegment out = local.allocate(8);
      DnnlStatus.check(create.into(out.address(), engine, attr, local), call, what);
      long pd = out.get(ValueLayout.JAVA_LONG, 0);
      DnnlStatus.check(
          Dnnl.dnnl_primitive_create(out.address(), pd), "dnnl_primitive_create", what);
      long handle = out.get(ValueLayout.JAVA_LONG, 0);
      if (attr != defaultAttr) {
        Dnnl.dnnl_primitive_attr_destroy(attr);
      }
      Md[] found = new Md[3];
      for (int i = 0; i < 3; i++) {
        if (queries[i] != 0) {
          long h = Dnnl.dnnl_primitive_desc_query_md(pd, queries[i], 0);
          found[i] = mds.intern(h, shapes[i].shape, shapes[i].dtype, "oneDNN-blocked");
        }
      }
      long ws = Dnnl.dnnl_primitive_desc_query_md(pd, Dnnl.dnnl_query_workspace_md, 0);
      long wsBytes = ws == 0 ? 0 : Dnnl.dnnl_memory_desc_get_size(ws);
      Md workspace = wsBytes == 0 ? null : mds.intern(ws, Shape.of(wsBytes), DType.U8, "workspace");
      long scratchpad =
          Dnnl.dnnl_memory_desc_get_size(
              Dnnl.dnnl_primitive_desc_query_md(pd, Dnnl.dnnl_query_scratchpad_md, 0));
      Dnnl.dnnl_primitive_desc_query(pd, Dnnl.dnnl_query_impl_info_str, 0, out.address());
      String implementation =
          MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0)).reinterpret(256).getString(0);
      return new Primitive(
          handle, pd, found[0], found[1], found[2], workspace, scratchpad, implementation);
    }
  }

  /** The one engine: dnnl_engine_t. */
  public long engine() {
    return engine;
  }

  /** Runs a primitive. */
  public void execute(Primitive p, Args args) {
    int n = args.size() + (p.scratchpad() > 0 ? 1 : 0);
    ExecArgs a = queue.isRecording() ? ExecArgs.allocate(Arena.ofAuto(), n) : eagerArgs;
    makeRoom(n);
    for (int i = 0; i < args.size(); i++) {
      a.set(i, args.role(i), memory(args.md(i), args.address(i)));
    }
    if (p.scratchpad() > 0) {
      a.set(n - 1, Dnnl.DNNL_ARG_SCRATCHPAD, memory(scratchMd, scratch(p.scratchpad())));
    }
    queue.run(() -> launch(p, n, a.address()));
  }

  /**
   * Runs a primitive at once.
   *
   * @param args {@code n} times dnnl_exec_arg_t
   */
  public void launch(Primitive p, int n, long args) {
    parallel.bind();
    int status = Dnnl.dnnl_primitive_execute(p.handle(), stream, n, args);
    if (status != Dnnl.dnnl_success) {
      DnnlStatus.check(status, "dnnl_primitive_execute", p.implementation());
    }
  }

  /** Before a call takes any, since those that it has taken must not go with the others. */
  private void makeRoom(int more) {
    if (memories.size() + more > MEMORY_OBJECTS) {
      memories.values().forEach(Dnnl::dnnl_memory_destroy);
      memories.clear();
    }
  }

  private long memory(Md md, long address) {
    // What a plan points to must stay; what eager calls use is made again when it is gone.
    Map<MemoryKey, Long> map = queue.isRecording() ? recordedMemories : memories;
    Long m = map.get(new MemoryKey(md.id, address));
    if (m == null) {
      m = out("dnnl_memory_create", p -> Dnnl.dnnl_memory_create(p, md.handle, engine, address));
      map.put(new MemoryKey(md.id, address), m);
    }
    return m;
  }

  /**
   * One buffer serves all: primitives run one after another. An outgrown one stays, recorded
   * launches point to it.
   */
  private long scratch(long bytes) {
    if (bytes > scratchBytes) {
      scratchBytes = Math.max(bytes, 8L << 20);
      scratch = arena.allocate(scratchBytes);
    }
    return scratch;
  }

  /**
   * What was compiled so far: what it computes, and oneDNN's name of the implementation that it
   * chose.
   */
  public Map<String, String> implementations() {
    Map<String, String> out = new TreeMap<>();
    primitives.forEach((key, p) -> out.put(key.toString(), p.implementation()));
    return out;
  }

  private static long newAttr() {
    long attr = out("dnnl_primitive_attr_create", Dnnl::dnnl_primitive_attr_create);
    DnnlStatus.check(
        Dnnl.dnnl_primitive_attr_set_scratchpad_mode(attr, Dnnl.dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode",
        "user");
    return attr;
  }

  /** A new post-op chain; the caller destroys it after compiling. */
  public static long newPostOps() {
    return out("dnnl_post_ops_create", Dnnl::dnnl_post_ops_create);
  }

  private interface Out {
    int call(long pointer);
  }

  private static long out(String name, Out call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment p = arena.allocate(8);
      DnnlStatus.check(call.call(p.address()), name, "this machine");
      return p.get(ValueLayout.JAVA_LONG, 0);
    }
  }
}
