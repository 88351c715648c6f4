package engine.backend.cuda.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Recording;
import engine.backend.ShapedInt8Network;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.FramedImages;
import engine.backend.cuda.dnn.Int8ConvolutionGraph;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.ops.CublasProducts;
import engine.backend.cuda.plans.CudaRecording;
import engine.base.Setting;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A quantised network for one shape of input: its launches, made once and replayed as a CUDA graph.
 * Only what makes bytes of images is launched by itself.
 */
public final class CudaInt8Program implements ShapedInt8Network.Program {
  private static final int WARP = 32;

  /** Rows of threads of {@code int8_global_average}. */
  private static final int ROWS = 8;

  private final Int8Graph graph;
  private final Int8Device device;
  private final Int8Constants constants;
  private final Int8Frames frames;
  private final CudaInt8Buffers buffers;
  private final Int8Input input;
  private final Int8Groups groups;
  private final CudaInt8Reals reals;
  private final List<Runnable> steps = new ArrayList<>();
  private final Map<String, String> implementations = new LinkedHashMap<>();
  private final Recording recorded;

  CudaInt8Program(Int8Graph graph, Shape shape, Int8Device device, Int8Constants constants) {
    this.graph = graph;
    this.device = device;
    this.constants = constants;
    frames = new Int8Frames(graph, shape);
    buffers = new CudaInt8Buffers(device.gpu(), device.memory(), graph, frames);
    String in = graph.input();
    input = new Int8Input(device, frames.grid(in), frames.frame(in), buffers.of(in));
    groups = new Int8Groups(device, frames, buffers, constants);
    reals = new CudaInt8Reals(device, graph, frames, buffers);
    try {
      graph.layers().forEach(this::add);
      recorded =
          CudaRecording.record(device.gpu(), device.memory(), () -> steps.forEach(Runnable::run));
    } catch (RuntimeException e) {
      reals.close();
      buffers.close();
      throw e;
    }
  }

  private void add(Int8Layer layer) {
    switch (layer) {
      case Int8Layer.Conv c when c.geometry().groups() > 1 -> {
        implementations.put(c.name(), groups.kernel(c));
        steps.add(() -> groups.launch(c));
      }
      case Int8Layer.Conv c -> convolution(c);
      case Int8Layer.Real r -> {
        implementations.put(r.name(), reals.kernel(r));
        steps.add(reals.step(r));
      }
      case Int8Layer.MaxPool p -> maxPool(p);
      case Int8Layer.GlobalAveragePool p -> globalAverage(p);
      case Int8Layer.Linear l -> linear(l);
    }
  }

  private void convolution(Int8Layer.Conv c) {
    FramedImages x = frames.frame(c.input());
    FramedImages y = frames.frame(c.output());
    QuantizedType out = frames.grid(c.output());
    boolean adds = c.residual() != null;
    Int8ConvolutionGraph g =
        new Int8ConvolutionGraph(
            x,
            y,
            adds ? frames.frame(c.residual()) : null,
            c.weight().shape().dim(2),
            c.weight().shape().dim(3),
            c.geometry(),
            // Where the zero point is the least byte, saturation is the ReLU.
            c.relu() && out.zeroPoint() != Byte.MIN_VALUE);
    OperationGraph operations = g.graph();
    implementations.put(c.name(), planned(c.name(), operations));
    Int8Constants.Convolution k =
        constants.of(
            c, g.filters(), frames.grid(c.input()), out, adds ? frames.grid(c.residual()) : null);
    Map<Long, Long> data = new HashMap<>();
    long first = x.offset(c.geometry().padding());
    data.put(Int8ConvolutionGraph.IMAGES, buffers.of(c.input()).address() + first);
    data.put(Int8ConvolutionGraph.FILTERS, k.weights().address());
    data.put(Int8ConvolutionGraph.FACTORS, k.factors().address());
    data.put(Int8ConvolutionGraph.BIAS, k.bias().address());
    data.put(Int8ConvolutionGraph.RESULT, inside(c.output()));
    if (adds) {
      data.put(Int8ConvolutionGraph.RESIDUAL, inside(c.residual()));
      data.put(Int8ConvolutionGraph.RESIDUAL_FACTOR, k.residualFactor().address());
    }
    if (g.hasLowest()) {
      data.put(Int8ConvolutionGraph.LOWEST, k.lowest().address());
    }
    steps.add(() -> device.plans().runAt(operations, data));
  }

  /** Such as {@code cudnn engine 12, workspace 0 bytes}; plans the graph before it is recorded. */
  private String planned(String layer, OperationGraph operations) {
    try {
      ExecutionPlan p = device.plans().plan(operations);
      return "cudnn engine %d, workspace %,d bytes".formatted(p.engine(), p.workspaceBytes());
    } catch (CudnnException e) {
      throw new UnsupportedOnDeviceException(
          ("cuDNN has no int8 kernel for %s on this GPU (%s): use "
                  + Setting.DEVICE
                  + " cpu, or the fp32 checkpoint")
              .formatted(layer, e.getMessage()),
          e);
    }
  }

  /** Where the images of a value begin in their frame. */
  private long inside(String value) {
    return buffers.of(value).address() + frames.frame(value).offset();
  }

  private void maxPool(Int8Layer.MaxPool p) {
    FramedImages x = frames.frame(p.input());
    FramedImages y = frames.frame(p.output());
    Tensor from = buffers.of(p.input());
    Tensor to = buffers.of(p.output());
    implementations.put(p.name(), "int8_max_pool");
    steps.add(
        () -> {
          try (Arena arena = Arena.ofConfined()) {
            device
                .launch()
                .kernel("int8_max_pool")
                .of(from)
                .of(to)
                .of(y.images())
                .of(Int8Frames.struct(arena, x))
                .of(Int8Frames.struct(arena, y))
                .of(Int8Frames.struct(arena, p.geometry()))
                .threads(Int8Frames.words(y));
          }
        });
  }

  private void globalAverage(Int8Layer.GlobalAveragePool p) {
    FramedImages x = frames.frame(p.input());
    QuantizedType in = frames.grid(p.input());
    QuantizedType out = frames.grid(p.output());
    Tensor from = buffers.of(p.input());
    Tensor to = buffers.of(p.output());
    boolean real = out == null;
    double scale = real ? 1 : out.scale();
    double factor = (double) in.scale() / (scale * (double) (x.height() * x.width()));
    int words = Math.toIntExact(x.channels() / 4);
    if (!real) {
      requireNoFrame(p.output(), p.name());
    }
    implementations.put(p.name(), "int8_global_average");
    steps.add(
        () -> {
          try (Arena arena = Arena.ofConfined()) {
            device
                .launch()
                .kernel("int8_global_average")
                .of(from)
                .of(real ? null : to)
                .of(real ? to : null)
                .of(frames.shape(p.input()).size(1))
                .of(Int8Frames.struct(arena, x))
                .of(in.zeroPoint())
                .of(factor)
                .of(real ? 0 : out.zeroPoint())
                .grid((words + WARP - 1) / WARP, (int) x.images(), 1, WARP, ROWS);
          }
        });
  }

  private void linear(Int8Layer.Linear l) {
    FramedImages x = frames.frame(l.input());
    if (x.height() != 1 || x.width() != 1) {
      throw new UnsupportedOnDeviceException(
          ("%s reads images of %d x %d, and a GPU's int8 layer reads pooled features: use "
                  + Setting.DEVICE
                  + " cpu")
              .formatted(l.name(), x.height(), x.width()));
    }
    requireNoFrame(l.input(), l.name());
    int outs = l.bias().length;
    long padded = Int8ConvolutionGraph.padded(outs);
    Int8Constants.Linear k =
        constants.of(l, Shape.of(padded, x.channels()), frames.grid(l.input()));
    // By columns, as cuBLAS has them: [O, I] is its I x O, so it is A, transposed.
    CublasProducts.Product product =
        new CublasProducts.Product(
            new CublasProducts.Extents(padded, x.images(), x.channels()),
            true,
            false,
            DType.I8,
            DType.I32,
            CublasProducts.Epilogue.NONE);
    Tensor from = buffers.of(l.input());
    Tensor to = buffers.of(l.output());
    implementations.put(l.name(), "cublasLt int8, int8_logits");
    steps.add(
        () -> {
          try (Tensor sums = device.memory().empty(DType.I32, Shape.of(x.images(), padded))) {
            device.products().multiplyInPlace(product, k.weights(), from, null, sums);
            device
                .launch()
                .kernel("int8_logits")
                .of(sums)
                .of(k.bias())
                .of(k.factors())
                .of(to)
                .of(x.images())
                .of(outs)
                .of((int) padded)
                .threads(x.images() * outs);
          }
        });
  }

  private void requireNoFrame(String value, String layer) {
    if (frames.frame(value).isFramed()) {
      throw new UnsupportedOnDeviceException(
          ("%s shares %s with a convolution that pads, which a GPU's int8 layers do not: use "
                  + Setting.DEVICE
                  + " cpu")
              .formatted(layer, value));
    }
  }

  /**
   * @param x F32, row-major
   */
  HostTensor run(Tensor x) {
    input.write(x);
    return replay();
  }

  /**
   * @param pixels u8, N, H, W, C
   */
  @Override
  public HostTensor run(MemorySegment pixels, float[] mean, float[] std) {
    input.write(pixels, mean, std);
    return replay();
  }

  private HostTensor replay() {
    recorded.replay();
    HostTensor stored = device.memory().download(buffers.of(graph.output()));
    QuantizedType grid = graph.grid(graph.output());
    return grid == null ? stored : unpacked(stored, grid);
  }

  /** N, C, H, W of the bytes as the grid has them. */
  private HostTensor unpacked(HostTensor stored, QuantizedType grid) {
    Shape shape = frames.shape(graph.output());
    FramedImages f = frames.frame(graph.output());
    HostTensor out = HostTensor.zeros(grid.dtype(), shape);
    int shift = Int8Frames.shift(grid);
    long row = (f.width() + 2L * f.frameW()) * f.channels();
    long image = (f.height() + 2L * f.frameH()) * row;
    for (long i = 0; i < shape.elements(); i++) {
      long w = i % f.width();
      long h = i / f.width() % f.height();
      long c = i / f.width() / f.height() % shape.dim(1);
      long n = i / f.width() / f.height() / shape.dim(1);
      long at = f.offset() + n * image + h * row + w * f.channels() + c;
      byte q = (byte) (stored.data().get(ValueLayout.JAVA_BYTE, at) + shift);
      out.data().set(ValueLayout.JAVA_BYTE, i, q);
    }
    return out;
  }

  @Override
  public Map<String, String> implementations() {
    return Map.copyOf(implementations);
  }

  @Override
  public void close() {
    recorded.close();
    reals.close();
    buffers.close();
  }
}
