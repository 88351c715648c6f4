package engine.backend.cpu.int8;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.ShapedInt8Network;
import engine.backend.cpu.dnnl.ConvPrimitives;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.DnnlStatus;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * A quantised network for one shape of input: a list of primitives with their arguments, made once.
 * Images lie channels last from the first byte to the pooled features; a residual sum happens in
 * the residual's own place.
 */
final class CpuInt8Program implements ShapedInt8Network.Program {
  /** What makes signed bytes such without sign. */
  private static final int SIGN = 128;

  private final Int8Graph graph;
  private final Map<String, Int8Layer> summed;
  private final DnnlContext dnnl;
  private final HugeArena arena;
  private final Parallel parallel;
  private final Int8Weights weights;
  private final Int8Reals reals;
  private final Int8Primitives primitives;
  private final CpuInt8Buffers buffers;
  private final Int8Steps steps;
  private final long block;
  private final long blockBytes;
  private long inputMemory;
  private long twice;
  private long twiceBytes;

  /** What it computes with. */
  record Cpu(Backend backend, DnnlContext dnnl, HugeArena arena, Parallel parallel) {}

  /**
   * @param summed by name, layers that are computed otherwise than they are written, reading their
   *     input twice: see {@link SplitWeights}
   */
  CpuInt8Program(
      Int8Graph graph, Map<String, Int8Layer> summed, Shape input, Cpu cpu, Int8Weights weights) {
    this.graph = graph;
    this.summed = summed;
    this.dnnl = cpu.dnnl;
    this.arena = cpu.arena;
    this.parallel = cpu.parallel;
    this.weights = weights;
    primitives = new Int8Primitives(dnnl);
    steps = new Int8Steps(dnnl, arena);
    buffers = new CpuInt8Buffers(graph, input);
    blockBytes = buffers.bytes();
    block = arena.allocate(blockBytes);
    reals = new Int8Reals(cpu.backend, graph, buffers, this::at, new ByteLoops(parallel));
    try {
      quantizeInput();
      makeRoomForTwice();
      graph.layers().forEach(this::add);
      steps.giveScratch();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private long at(String value) {
    return block + buffers.offset(value);
  }

  private void quantizeInput() {
    QuantizedType grid = graph.grid(graph.input());
    Shape x = buffers.shape(graph.input());
    Primitive p = primitives.quantize(x, grid);
    inputMemory = steps.memory(dnnl.mds.rowMajor(x, DType.F32), block);
    Int8Steps.Arguments args = steps.arguments();
    args.add(Dnnl.DNNL_ARG_SRC, inputMemory);
    args.add(Dnnl.DNNL_ARG_DST, primitives.image(x, grid.dtype()), at(graph.input()));
    args.add(
        Dnnl.DNNL_ARG_ATTR_SCALES | Dnnl.DNNL_ARG_SRC,
        weights.floatsMd(1),
        weights.scalar("input.inverse", 1f / grid.scale()));
    zeroPoint(args, Dnnl.DNNL_ARG_DST, grid);
    steps.execute("input", p, args);
  }

  /** One place serves all layers that read their input twice. */
  private void makeRoomForTwice() {
    for (Int8Layer l : graph.layers()) {
      if (isSplit(l)) {
        twiceBytes = Math.max(twiceBytes, 2 * buffers.shape(l.input()).elements());
      }
    }
    if (twiceBytes > 0) {
      twice = arena.allocate(twiceBytes);
    }
  }

  private boolean isSplit(Int8Layer l) {
    return summed.containsKey(l.name());
  }

  private void add(Int8Layer written) {
    Int8Layer layer = summed.getOrDefault(written.name(), written);
    if (isSplit(written)) {
      readTwice(written);
    }
    switch (layer) {
      case Int8Layer.Conv c -> conv(c);
      case Int8Layer.MaxPool m -> {
        Shape x = buffers.shape(m.input());
        DType type = graph.grid(m.input()).dtype();
        Int8Steps.Arguments args = steps.arguments();
        args.add(Dnnl.DNNL_ARG_SRC, primitives.image(x, type), at(m.input()));
        args.add(
            Dnnl.DNNL_ARG_DST, primitives.image(buffers.shape(m.output()), type), at(m.output()));
        steps.execute(m.name(), primitives.maxPool(m.geometry(), x, type), args);
      }
      case Int8Layer.GlobalAveragePool p -> {
        Shape x = buffers.shape(p.input());
        Int8AveragePool kernel =
            new Int8AveragePool(
                parallel,
                x,
                graph.grid(p.input()),
                graph.grid(p.output()),
                at(p.input()),
                at(p.output()));
        steps.add(p.name(), kernel::run);
      }
      case Int8Layer.Linear l -> linear(l);
      case Int8Layer.Real r -> steps.add(r.name(), reals.kernel(r));
    }
  }

  /** Copies a layer's input, without sign, so that each group of channels comes twice. */
  private void readTwice(Int8Layer l) {
    Shape x = buffers.shape(l.input());
    int groups = l instanceof Int8Layer.Conv c ? c.geometry().groups() : 1;
    long channels = x.dim(1) / groups;
    long rows = x.elements() / channels;
    long from = at(l.input());
    byte shift = (byte) (graph.grid(l.input()).dtype() == DType.I8 ? SIGN : 0);
    steps.add(
        () ->
            parallel.rows(
                rows,
                channels,
                (i, j) -> {
                  for (long r = i; r < j; r++) {
                    long to = twice + 2 * r * channels;
                    for (long c = 0; c < channels; c++) {
                      Raw.u8(to, c, (byte) (Raw.u8(from, r * channels + c) ^ shift));
                    }
                    MemorySegment.copy(
                        Raw.segment(to, channels),
                        0,
                        Raw.segment(to + channels, channels),
                        0,
                        channels);
                  }
                }));
  }

  /** The shape of what a layer reads. */
  private Shape read(Int8Layer l) {
    Shape x = buffers.shape(l.input());
    return isSplit(l) ? Shape.of(doubled(x)) : x;
  }

  private static long[] doubled(Shape x) {
    long[] dims = x.dims().clone();
    dims[1] *= 2;
    return dims;
  }

  /** The grid of what a layer reads. */
  private QuantizedType readGrid(Int8Layer l) {
    QuantizedType g = graph.grid(l.input());
    return isSplit(l) && g.dtype() == DType.I8
        ? new QuantizedType(g.scale(), g.zeroPoint() + SIGN, DType.U8)
        : g;
  }

  private long readAt(Int8Layer l) {
    return isSplit(l) ? twice : at(l.input());
  }

  private void conv(Int8Layer.Conv c) {
    QuantizedType in = readGrid(c);
    QuantizedType out = graph.grid(c.output());
    QuantizedType residual = c.residual() == null ? null : graph.grid(c.residual());
    Shape x = read(c);
    if (residual != null && buffers.offset(c.residual()) != buffers.offset(c.output())) {
      copy(at(c.residual()), at(c.output()), buffers.shape(c.residual()).elements());
    }
    Primitive p = primitives.conv(c, x, in, out, residual);
    Md plain =
        dnnl.mds.rowMajor(ConvPrimitives.grouped(c.weight().shape(), c.geometry()), DType.I8);
    Int8Steps.Arguments args = steps.arguments();
    args.add(Dnnl.DNNL_ARG_SRC, p.src(), readAt(c));
    args.add(
        Dnnl.DNNL_ARG_WEIGHTS,
        p.weights(),
        weights.weight(c.name(), c.weight(), plain, p.weights()));
    constants(args, c.name(), in, c.weightScale(), c.bias(), out.scale(), null);
    zeroPoint(args, Dnnl.DNNL_ARG_SRC, in);
    zeroPoint(args, Dnnl.DNNL_ARG_DST, out);
    args.add(Dnnl.DNNL_ARG_DST, p.dst(), at(c.output()));
    steps.execute(c.name(), p, args);
  }

  private void linear(Int8Layer.Linear l) {
    QuantizedType in = readGrid(l);
    long rows = buffers.shape(l.output()).dim(0);
    long outs = l.weight().shape().dim(0);
    Primitive p = primitives.linear(l, rows, in);
    Md plain = dnnl.mds.transposed(Shape.of(l.weight().shape().dim(1), outs), DType.I8);
    Int8Steps.Arguments args = steps.arguments();
    args.add(Dnnl.DNNL_ARG_SRC, p.src(), readAt(l));
    args.add(
        Dnnl.DNNL_ARG_WEIGHTS,
        p.weights(),
        weights.weight(l.name(), l.weight(), plain, p.weights()));
    Md bias = dnnl.mds.rowMajor(Shape.of(1, outs), DType.F32);
    constants(args, l.name(), in, l.weightScale(), l.bias(), 1, bias);
    zeroPoint(args, Dnnl.DNNL_ARG_SRC, in);
    args.add(Dnnl.DNNL_ARG_DST, p.dst(), at(l.output()));
    steps.execute(l.name(), p, args);
  }

  /**
   * @param biasMd null for a vector
   */
  private void constants(
      Int8Steps.Arguments args,
      String name,
      QuantizedType in,
      float[] scales,
      int[] bias,
      float outScale,
      Md biasMd) {
    Md vector = weights.floatsMd(scales.length);
    args.add(
        Dnnl.DNNL_ARG_BIAS,
        biasMd == null ? vector : biasMd,
        weights.biases(name, in, scales, bias, outScale));
    args.add(
        Dnnl.DNNL_ARG_ATTR_SCALES | Dnnl.DNNL_ARG_WEIGHTS,
        vector,
        weights.factors(name, in, scales, outScale));
  }

  private void zeroPoint(Int8Steps.Arguments args, int arg, QuantizedType grid) {
    if (grid.zeroPoint() != 0) {
      Md one = dnnl.mds.rowMajor(Shape.of(1), DType.I32);
      args.add(Dnnl.DNNL_ARG_ATTR_ZERO_POINTS | arg, one, weights.zeroPoint(grid));
    }
  }

  private void copy(long from, long to, long bytes) {
    steps.add(
        () ->
            parallel.range(
                bytes,
                1 << 16,
                (i, j) ->
                    MemorySegment.copy(
                        Raw.segment(from + i, j - i), 0, Raw.segment(to + i, j - i), 0, j - i)));
  }

  /**
   * @param x F32, row-major
   */
  HostTensor run(long x) {
    DnnlStatus.check(
        Dnnl.dnnl_memory_set_data_handle(inputMemory, x), "dnnl_memory_set_data_handle", "input");
    steps.runFirst();
    return runFrom();
  }

  /**
   * @param pixels u8, N, H, W, C
   */
  @Override
  public HostTensor run(MemorySegment pixels, float[] mean, float[] std) {
    QuantizedType grid = graph.grid(graph.input());
    int channels = mean.length;
    byte[] table = new byte[256 * channels];
    int low = grid.dtype() == DType.U8 ? 0 : -128;
    for (int c = 0; c < channels; c++) {
      for (int v = 0; v < 256; v++) {
        float x = (v / 255f - mean[c]) / std[c];
        long q = grid.zeroPoint() + (long) Math.rint(x * (1f / grid.scale()));
        table[v * channels + c] = (byte) Math.clamp(q, low, low + 255);
      }
    }
    long from = pixels.address();
    long to = at(graph.input());
    long n = buffers.shape(graph.input()).elements() / channels;
    parallel.range(
        n,
        1 << 13,
        (a, b) -> {
          for (long i = a; i < b; i++) {
            for (int c = 0; c < channels; c++) {
              long at = i * channels + c;
              Raw.u8(to, at, table[Raw.u8(from, at) * channels + c]);
            }
          }
        });
    return runFrom();
  }

  private HostTensor runFrom() {
    steps.runOthers();
    Shape shape = buffers.shape(graph.output());
    QuantizedType grid = graph.grid(graph.output());
    DType type = grid == null ? DType.F32 : grid.dtype();
    HostTensor out = HostTensor.zeros(type, shape);
    long from = at(graph.output());
    if (grid == null) {
      long bytes = out.data().byteSize();
      MemorySegment.copy(Raw.segment(from, bytes), 0, out.data(), 0, bytes);
      return out;
    }
    long channels = shape.dim(1);
    long plane = shape.elements() / (shape.dim(0) * channels);
    for (long i = 0; i < shape.elements(); i++) {
      long image = i / (channels * plane);
      long c = i / plane % channels;
      out.data()
          .set(
              ValueLayout.JAVA_BYTE,
              i,
              (byte) Raw.u8(from, (image * plane + i % plane) * channels + c));
    }
    return out;
  }

  @Override
  public Map<String, String> implementations() {
    return steps.implementations();
  }

  @Override
  public void close() {
    steps.close();
    reals.close();
    arena.free(block, blockBytes);
    if (twice != 0) {
      arena.free(twice, twiceBytes);
    }
  }
}
