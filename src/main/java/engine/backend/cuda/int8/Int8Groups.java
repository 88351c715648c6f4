package engine.backend.cuda.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.cuda.dnn.FramedImages;
import engine.backend.cuda.dnn.Int8ConvolutionGraph;
import engine.tensor.Shape;
import java.lang.foreign.Arena;

/**
 * Convolutions in groups, a channel each or more, by own kernels: cuDNN has engines of bytes for
 * one group only. They read the same frames and give the same bytes as its graphs would.
 */
final class Int8Groups {
  private final Int8Device device;
  private final Int8Frames frames;
  private final CudaInt8Buffers buffers;
  private final Int8Constants constants;

  Int8Groups(
      Int8Device device, Int8Frames frames, CudaInt8Buffers buffers, Int8Constants constants) {
    this.device = device;
    this.frames = frames;
    this.buffers = buffers;
    this.constants = constants;
  }

  /** The name of a layer's kernel. Packs its constants, which a recording must not do. */
  String kernel(Int8Layer.Conv c) {
    constants(c);
    Shape w = c.weight().shape();
    boolean depthwise = w.dim(1) == 1 && w.dim(0) == c.geometry().groups();
    return depthwise ? "int8_depthwise" : "int8_grouped";
  }

  private Int8Constants.Convolution constants(Int8Layer.Conv c) {
    Shape w = c.weight().shape();
    Shape filters = Shape.of(Int8ConvolutionGraph.padded(w.dim(0)), w.dim(1), w.dim(2), w.dim(3));
    QuantizedType residual = c.residual() == null ? null : frames.grid(c.residual());
    return constants.of(c, filters, frames.grid(c.input()), frames.grid(c.output()), residual);
  }

  /** Computes a layer. */
  void launch(Int8Layer.Conv c) {
    Int8Constants.Convolution k = constants(c);
    FramedImages y = frames.frame(c.output());
    FramedImages other = c.residual() == null ? y : frames.frame(c.residual());
    QuantizedType out = frames.grid(c.output());
    Shape w = c.weight().shape();
    String name = kernel(c);
    try (Arena arena = Arena.ofConfined()) {
      var launch =
          device
              .launch()
              .kernel(name)
              .of(buffers.of(c.input()))
              .of(k.weights())
              .of(k.factors())
              .of(k.bias())
              .of(c.residual() == null ? null : buffers.of(c.residual()))
              .of(c.residual() == null ? 0f : frames.grid(c.residual()).scale() / out.scale())
              .of(c.relu() ? (float) out.zeroPoint() : Byte.MIN_VALUE)
              .of(buffers.of(c.output()))
              .of(y.images())
              .of(Int8Frames.struct(arena, frames.frame(c.input())))
              .of(Int8Frames.struct(arena, other))
              .of(Int8Frames.struct(arena, y))
              .of(Int8Frames.struct(arena, c.geometry(), w));
      if (name.equals("int8_grouped")) {
        launch.of(w.size(1)).of(w.size(0) / c.geometry().groups());
      }
      launch.threads(Int8Frames.words(y));
    }
  }
}
