package engine.backend.cpu.int8;

import engine.backend.Backend;
import engine.backend.ByteTable;
import engine.backend.Elementwise.Binary;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.RealLayers;
import engine.backend.RealOp;
import engine.backend.cpu.int8.ByteLoops.Bytes;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.ToLongFunction;

/**
 * The layers of a quantised network that stay in real numbers, beside oneDNN's of bytes. Those that
 * are no more than a pass from bytes to bytes are done in one, with the very numbers that the way
 * through real numbers gives: a function by its table, a gate, a sum.
 */
final class Int8Reals implements AutoCloseable {
  private final Int8Graph graph;
  private final CpuInt8Buffers buffers;
  private final ToLongFunction<String> at;
  private final Backend backend;
  private final ByteLoops loops;
  private final RealLayers layers;

  /**
   * @param at where a value of {@code buffers} lies
   */
  Int8Reals(
      Backend backend,
      Int8Graph graph,
      CpuInt8Buffers buffers,
      ToLongFunction<String> at,
      ByteLoops loops) {
    this.backend = backend;
    this.graph = graph;
    this.buffers = buffers;
    this.at = at;
    this.loops = loops;
    layers =
        new RealLayers(
            backend,
            graph,
            new RealLayers.Edge() {
              @Override
              public Tensor real(String value) {
                return Int8Reals.this.real(value);
              }

              @Override
              public void round(Tensor x, String value) {
                Int8Reals.this.round(x, value);
              }
            });
  }

  /** How a layer is computed. */
  Runnable kernel(Int8Layer.Real l) {
    Runnable pass = pass(l);
    return pass == null
        ? () -> layers.run(l)
        : () -> {
          pass.run();
          layers.read(l);
        };
  }

  /** A layer that needs no real numbers in between; null for others. */
  private Runnable pass(Int8Layer.Real l) {
    QuantizedType out = graph.grid(l.output());
    QuantizedType in = graph.grid(l.input());
    if (in == null || out == null) {
      return null;
    }
    Shape y = buffers.shape(l.output());
    long values = y.elements();
    Bytes x = new Bytes(at.applyAsLong(l.input()), in);
    Bytes to = new Bytes(at.applyAsLong(l.output()), out);
    if (l.op() instanceof RealOp.Activate a) {
      byte[] table = ByteTable.of(a.function(), in, out);
      return () -> loops.map(table, x.at(), to.at(), values);
    }
    if (!(l.op() instanceof RealOp.Combine c) || !buffers.shape(l.input()).equals(y)) {
      return null;
    }
    String other = l.inputs().get(1);
    if (l.constants().containsKey(other)) {
      return null;
    }
    Shape o = buffers.shape(other);
    if (c.function() == Binary.ADD && graph.grid(other) != null && o.equals(y)) {
      Bytes b = new Bytes(at.applyAsLong(other), graph.grid(other));
      return () -> loops.add(x, b, to, values);
    }
    boolean channels = y.rank() == 4 && o.equals(Shape.of(y.dim(0), y.dim(1), 1, 1));
    if (c.function() == Binary.MUL && graph.grid(other) == null && channels) {
      return () -> {
        try (Tensor gate = backend.memory().toRowMajor(layers.value(other), DType.F32)) {
          loops.gate(x, gate.address(), to, y.dim(0), y.dim(2) * y.dim(3), y.size(1));
        }
      };
    }
    return null;
  }

  private Tensor real(String value) {
    Shape s = buffers.shape(value);
    Tensor t = backend.memory().empty(DType.F32, s);
    long from = at.applyAsLong(value);
    QuantizedType grid = graph.grid(value);
    if (grid == null) {
      long bytes = s.elements() * Float.BYTES;
      MemorySegment.copy(Raw.segment(from, bytes), 0, Raw.segment(t.address(), bytes), 0, bytes);
    } else {
      loops.real(new Bytes(from, grid), t.address(), s.dim(0), pixels(s), s.size(1));
    }
    return t;
  }

  private void round(Tensor x, String value) {
    Shape s = buffers.shape(value);
    Bytes to = new Bytes(at.applyAsLong(value), graph.grid(value));
    try (Tensor plain = backend.memory().toRowMajor(x, DType.F32)) {
      loops.round(plain.address(), to, s.dim(0), pixels(s), s.size(1));
    }
  }

  private static long pixels(Shape s) {
    return s.elements() / (s.dim(0) * s.dim(1));
  }

  @Override
  public void close() {
    layers.close();
  }
}
