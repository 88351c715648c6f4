package engine.backend.cuda.int8;

import engine.backend.ByteTable;
import engine.backend.Elementwise.Binary;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.RealLayers;
import engine.backend.RealOp;
import engine.backend.cuda.dnn.FramedImages;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The layers of a quantised network that stay in real numbers, beside cuDNN's of bytes. Those that
 * are no more than a pass from bytes to bytes have a kernel, which gives the very numbers of the
 * way through real numbers: a function by its table, a gate, a sum.
 */
final class CudaInt8Reals implements RealLayers.Edge, AutoCloseable {
  private final Int8Device device;
  private final Int8Graph graph;
  private final Int8Frames frames;
  private final CudaInt8Buffers buffers;
  private final RealLayers layers;
  private final Map<String, Tensor> tables = new HashMap<>();

  CudaInt8Reals(Int8Device device, Int8Graph graph, Int8Frames frames, CudaInt8Buffers buffers) {
    this.device = device;
    this.graph = graph;
    this.frames = frames;
    this.buffers = buffers;
    layers = new RealLayers(device.backend(), graph, this);
  }

  /** What computes a layer: a kernel, or the device's ops. */
  String kernel(Int8Layer.Real l) {
    if (graph.grid(l.input()) == null || graph.grid(l.output()) == null) {
      return "fp32";
    }
    if (l.op() instanceof RealOp.Activate) {
      return "int8_map";
    }
    Shape y = frames.shape(l.output());
    boolean ofValues = l.reads().size() == 2 && frames.shape(l.input()).equals(y);
    if (!(l.op() instanceof RealOp.Combine c) || !ofValues) {
      return "fp32";
    }
    String other = l.inputs().get(1);
    Shape o = frames.shape(other);
    if (c.function() == Binary.ADD && graph.grid(other) != null && o.equals(y)) {
      return "int8_add";
    }
    boolean channels = y.rank() == 4 && o.equals(Shape.of(y.dim(0), y.dim(1), 1, 1));
    return c.function() == Binary.MUL && graph.grid(other) == null && channels
        ? "int8_gate"
        : "fp32";
  }

  /** How a layer is computed; what it needs on the device is there when this returns. */
  Runnable step(Int8Layer.Real l) {
    Runnable pass =
        switch (kernel(l)) {
          case "int8_map" -> map(l);
          case "int8_add" -> () -> add(l);
          case "int8_gate" -> () -> gate(l);
          default -> null;
        };
    return pass == null
        ? () -> layers.run(l)
        : () -> {
          pass.run();
          layers.read(l);
        };
  }

  private Runnable map(Int8Layer.Real l) {
    byte[] bytes =
        ByteTable.of(
            ((RealOp.Activate) l.op()).function(), frames.grid(l.input()), frames.grid(l.output()));
    Tensor table =
        device
            .memory()
            .upload(new HostTensor(DType.U8, Shape.of(bytes.length), MemorySegment.ofArray(bytes)));
    tables.put(l.name(), table);
    FramedImages y = frames.frame(l.output());
    return () -> {
      try (Arena arena = Arena.ofConfined()) {
        device
            .launch()
            .kernel("int8_map")
            .of(buffers.of(l.input()))
            .of(table)
            .of(buffers.of(l.output()))
            .of(y.images())
            .of(Int8Frames.struct(arena, frames.frame(l.input())))
            .of(Int8Frames.struct(arena, y))
            .threads(Int8Frames.words(y));
      }
    };
  }

  private void add(Int8Layer.Real l) {
    String other = l.inputs().get(1);
    QuantizedType a = frames.grid(l.input());
    QuantizedType b = frames.grid(other);
    QuantizedType out = frames.grid(l.output());
    FramedImages y = frames.frame(l.output());
    try (Arena arena = Arena.ofConfined()) {
      device
          .launch()
          .kernel("int8_add")
          .of(buffers.of(l.input()))
          .of(buffers.of(other))
          .of(buffers.of(l.output()))
          .of(y.images())
          .of(Int8Frames.struct(arena, frames.frame(l.input())))
          .of(Int8Frames.struct(arena, frames.frame(other)))
          .of(Int8Frames.struct(arena, y))
          .of(a.scale())
          .of(a.zeroPoint())
          .of(b.scale())
          .of(b.zeroPoint())
          .of(1f / out.scale())
          .of(out.zeroPoint())
          .threads(Int8Frames.words(y));
    }
  }

  private void gate(Int8Layer.Real l) {
    QuantizedType in = frames.grid(l.input());
    QuantizedType out = frames.grid(l.output());
    FramedImages y = frames.frame(l.output());
    Tensor given = layers.value(l.inputs().get(1));
    try (Arena arena = Arena.ofConfined();
        Tensor gate = device.memory().toRowMajor(given, DType.F32)) {
      device
          .launch()
          .kernel("int8_gate")
          .of(buffers.of(l.input()))
          .of(gate)
          .of(buffers.of(l.output()))
          .of(y.images())
          .of(frames.shape(l.output()).size(1))
          .of(Int8Frames.struct(arena, frames.frame(l.input())))
          .of(Int8Frames.struct(arena, y))
          .of(in.scale())
          .of(in.zeroPoint())
          .of(1f / out.scale())
          .of(out.zeroPoint())
          .threads(Int8Frames.words(y));
    }
  }

  @Override
  public Tensor real(String value) {
    FramedImages x = frames.frame(value);
    if (x == null) {
      return buffers.of(value).retain();
    }
    Shape s = frames.shape(value);
    Tensor t = device.memory().empty(DType.F32, s);
    QuantizedType grid = frames.grid(value);
    try (Arena arena = Arena.ofConfined()) {
      device
          .launch()
          .kernel("int8_real")
          .of(buffers.of(value))
          .of(t)
          .of(x.images())
          .of(s.size(1))
          .of(Int8Frames.struct(arena, x))
          .of(grid.scale())
          .of(grid.zeroPoint())
          .threads(Int8Frames.words(x));
    }
    return t;
  }

  @Override
  public void round(Tensor x, String value) {
    FramedImages y = frames.frame(value);
    QuantizedType grid = frames.grid(value);
    try (Arena arena = Arena.ofConfined();
        Tensor plain = device.memory().toRowMajor(x, DType.F32)) {
      device
          .launch()
          .kernel("int8_quantize")
          .of(plain)
          .of(buffers.of(value))
          .of(y.images())
          .of(frames.shape(value).size(1))
          .of(Int8Frames.struct(arena, y))
          .of(1f / grid.scale())
          .of(grid.zeroPoint())
          .threads(Int8Frames.words(y));
    }
  }

  @Override
  public void close() {
    layers.close();
    tables.values().forEach(Tensor::close);
    tables.clear();
  }
}
