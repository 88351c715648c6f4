package engine.train;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.data.image.PixelImage;
import engine.data.transform.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Where a network looked: Grad-CAM (Selvaraju et al. 2017) at its last feature map. In a network
 * that ends in average pooling and one linear layer, the gradient of class c's logit to feature k
 * is {@code w_ck / (H W)} at every place, so that equations 1 and 2 become {@code relu(sum_k w_ck
 * A_k)} up to a factor, and no backward is needed.
 *
 * @param map rows * columns values of 0 or more
 */
record GradCam(float[] map, int rows, int columns) {
  /** The last feature map of a picture, and the classifier's weights. */
  record Features(float[] values, int channels, int rows, int columns, float[] weights) {
    /** The map for one class. */
    GradCam of(int c) {
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
  static Features features(Backend backend, LoadedModel m, PixelImage picture) {
    HostTensor[] last = new HostTensor[1];
    Normalization norm = m.info().preprocessing().normalization();
    Shape shape = Shape.of(1, picture.channels(), picture.height(), picture.width());
    try (Arena arena = Arena.ofConfined();
        Tape tape = Tape.inference(backend)) {
      MemorySegment pixels = arena.allocate(picture.data().length, 64);
      pixels.copyFrom(MemorySegment.ofArray(picture.data()));
      Tensor x = backend.memory().empty(DType.F32, shape);
      backend.memory().normalizePixelsInPlace(pixels, norm.mean(), norm.std(), x);
      m.model()
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
    Shape s = last[0].shape();
    return new Features(
        last[0].toFloats(),
        (int) s.dim(1),
        (int) s.dim(2),
        (int) s.dim(3),
        classifier(backend, m.model().parameters()));
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
