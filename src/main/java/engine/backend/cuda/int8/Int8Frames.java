package engine.backend.cuda.int8;

import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.PoolGeometry;
import engine.backend.cuda.dnn.FramedImages;
import engine.backend.cuda.dnn.Int8ConvolutionGraph;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Shape and frame of every value of a quantised network for one shape of input. On the device all
 * bytes have a sign: those of an unsigned grid are stored less 128, and so is their zero point.
 */
final class Int8Frames {
  private static final int SHIFT = 128;

  private final Int8Graph graph;
  private final Map<String, Shape> shapes;
  private final Map<String, FramedImages> frames = new HashMap<>();

  /** The largest padding that a convolution reads each value with: height, width. */
  private final Map<String, int[]> paddings = new HashMap<>();

  Int8Frames(Int8Graph graph, Shape input) {
    this.graph = graph;
    graph.layers().forEach(this::notePadding);
    shapes = graph.shapes(input);
    shapes.forEach(this::place);
  }

  private void notePadding(Int8Layer layer) {
    if (layer instanceof Int8Layer.Conv c) {
      int[] most = paddings.computeIfAbsent(c.input(), _ -> new int[2]);
      Conv2dGeometry.Padding p = c.geometry().padding();
      most[0] = Math.max(most[0], Math.max(p.top(), p.bottom()));
      most[1] = Math.max(most[1], Math.max(p.left(), p.right()));
    }
  }

  private void place(String value, Shape s) {
    if (graph.grid(value) == null) {
      return;
    }
    int[] pad = paddings.getOrDefault(value, new int[2]);
    boolean images = s.rank() == 4;
    frames.put(
        value,
        new FramedImages(
            s.dim(0),
            Int8ConvolutionGraph.padded(s.dim(1)),
            images ? s.dim(2) : 1,
            images ? s.dim(3) : 1,
            pad[0],
            pad[1]));
  }

  Shape shape(String value) {
    return shapes.get(value);
  }

  /** Null for a value that is not of bytes. */
  FramedImages frame(String value) {
    return frames.get(value);
  }

  /** How the bytes of a value are stored; null for a value that is not of bytes. */
  QuantizedType grid(String value) {
    QuantizedType g = graph.grid(value);
    return g == null ? null : new QuantizedType(g.scale(), g.zeroPoint() - shift(g), DType.I8);
  }

  /** What is taken from a byte of a grid to store it. */
  static int shift(QuantizedType g) {
    return g.dtype() == DType.U8 ? SHIFT : 0;
  }

  /** Words of 4 channels, without the frame. */
  static long words(FramedImages f) {
    return f.images() * f.height() * f.width() * (f.channels() / 4);
  }

  /** {@code struct Framed} of cuda/int8.cu. */
  static MemorySegment struct(Arena arena, FramedImages f) {
    return arena.allocateFrom(
        ValueLayout.JAVA_INT,
        (int) f.height(),
        (int) f.width(),
        (int) f.channels(),
        f.frameH(),
        f.frameW());
  }

  /** {@code struct Window} of cuda/int8.cu. */
  static MemorySegment struct(Arena arena, PoolGeometry g) {
    return arena.allocateFrom(
        ValueLayout.JAVA_INT,
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        g.padH(),
        g.padW(),
        g.dilationH(),
        g.dilationW());
  }

  /** The same of a convolution's filters. */
  static MemorySegment struct(Arena arena, Conv2dGeometry g, Shape filters) {
    return arena.allocateFrom(
        ValueLayout.JAVA_INT,
        filters.size(2),
        filters.size(3),
        g.strideH(),
        g.strideW(),
        g.padTop(),
        g.padLeft(),
        g.dilationH(),
        g.dilationW());
  }
}
