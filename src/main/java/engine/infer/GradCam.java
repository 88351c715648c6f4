package engine.infer;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.data.image.PixelImage;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Where a network looked: Grad-CAM (Selvaraju et al. 2017) at its last feature map. In a network
 * that ends in average pooling and one linear layer, the gradient of class c's logit to feature k
 * is {@code w_ck / (H W)} at every place, so that equations 1 and 2 become {@code relu(sum_k w_ck
 * A_k)} up to a factor, and no backward is needed.
 *
 * @param map rows * columns values of 0 or more
 */
public record GradCam(float[] map, int rows, int columns) {
  /** The last feature map of a picture, and the classifier's weights. */
  public record Features(float[] values, int channels, int rows, int columns, float[] weights) {
    /** The map for one class. */
    public GradCam of(int c) {
      int places = rows * columns;
      float[] map = new float[places];
      for (int k = 0; k < channels; k++) {
        float w = weights[c * channels + k];
        for (int i = 0; i < places; i++) {
          map[i] += w * values[k * places + i];
        }
      }
      for (int i = 0; i < places; i++) {
        map[i] = Math.max(0, map[i]);
      }
      return new GradCam(map, rows, columns);
    }
  }

  /**
   * Runs a picture through the network.
   *
   * @param picture as the network sees it, before normalising
   */
  public static Features features(Backend backend, LoadedModel m, PixelImage picture) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocate(picture.data().length, 64);
      pixels.copyFrom(MemorySegment.ofArray(picture.data()));
      Shape shape = Shape.of(1, picture.channels(), picture.height(), picture.width());
      return switch (m) {
        case FloatModel f -> features(backend, f, pixels, shape);
        case Int8Model q -> features(backend, q, pixels, shape);
      };
    }
  }

  private static Features features(
      Backend backend, FloatModel m, MemorySegment pixels, Shape shape) {
    HostTensor[] last = new HostTensor[1];
    Normalization norm = m.info().preprocessing().normalization();
    try (Tape tape = Tape.inference(backend)) {
      Tensor x = backend.memory().empty(DType.F32, shape);
      backend.memory().normalizePixelsInPlace(pixels, norm, x);
      m.network()
          .forward(
              tape,
              tape.constant(x),
              (layer, v) -> {
                if (v.shape().rank() == 4 && !layer.equals("avgpool")) {
                  last[0] = backend.memory().download(v.value());
                }
              });
    }
    if (last[0] == null) {
      throw new IllegalStateException("the network showed no feature map");
    }
    return features(
        last[0].toFloats(), last[0].shape(), classifier(backend, m.network().parameters()));
  }

  /** Of the same network cut off before its pooling. */
  private static Features features(
      Backend backend, Int8Model m, MemorySegment pixels, Shape shape) {
    Normalization norm = m.info().preprocessing().normalization();
    Int8Graph graph = m.graph();
    List<Int8Layer> layers = graph.layers();
    if (!(layers.getLast() instanceof Int8Layer.Linear classifier)
        || !(layers.get(layers.size() - 2) instanceof Int8Layer.GlobalAveragePool pool)) {
      throw new IllegalStateException("the network does not end in pooling and a linear layer");
    }
    Int8Graph.QuantizedType grid = graph.grid(pool.input());
    try (Int8Network body = backend.int8Networks().compile(graph.upTo(pool.input()))) {
      HostTensor last = body.run(pixels, 1, shape.size(2), shape.size(3), norm.mean(), norm.std());
      float[] values = last.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = (values[i] - grid.zeroPoint()) * grid.scale();
      }
      float[] weights = classifier.weight().toFloats();
      int row = weights.length / classifier.weightScale().length;
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= classifier.weightScale()[i / row];
      }
      return features(values, last.shape(), weights);
    }
  }

  private static Features features(float[] values, Shape s, float[] weights) {
    return new Features(values, s.size(1), s.size(2), s.size(3), weights);
  }

  /** The weights [K, channels] of the last linear layer. */
  private static float[] classifier(Backend backend, Map<String, Parameter> parameters) {
    Parameter last = null;
    for (Parameter p : parameters.values()) {
      last = p.shape().rank() == 2 ? p : last;
    }
    if (last == null) {
      throw new IllegalStateException("the network has no linear layer");
    }
    return backend.memory().download(last.value()).toFloats();
  }
}
