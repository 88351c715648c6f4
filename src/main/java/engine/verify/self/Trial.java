package engine.verify.self;

import engine.autograd.Conv2dOp;
import engine.autograd.Tape;
import engine.autograd.Trace;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The network of a self-check: ResNet-50 in the given size, the same weights on every device. */
final class Trial {
  static final int CLASSES = 10;
  private static final int BASE_WIDTH = 64;

  /** With 1 small differences grow from block to block. */
  private static final float LAST_GAIN = 0.25f;

  /**
   * A convolution of the network.
   *
   * @param x of one picture
   */
  record Layer(Shape x, Shape w, Conv2dGeometry geometry) {
    /** {@code 3x3 of 64x56x56 to 128, stride 2}. */
    @Override
    public String toString() {
      return "%dx%d of %dx%dx%d to %d%s"
          .formatted(
              w.dim(2),
              w.dim(3),
              x.dim(1),
              x.dim(2),
              x.dim(3),
              w.dim(0),
              geometry.strideH() == 1 ? "" : ", stride " + geometry.strideH());
    }
  }

  private Trial() {}

  static ResNet network(Backend b, Size size) {
    int width = (int) (BASE_WIDTH * size.width());
    var config = new ResNetConfig(50, width, 3, CLASSES, ResNetConfig.Stem.STANDARD, 0, false);
    ResNet m = new ResNet(b, config, new SplittableRandom(3));
    Map<String, HostTensor> gains = new TreeMap<>();
    m.shapes()
        .forEach(
            (name, shape) -> {
              if (name.endsWith("bn3.weight")) {
                float[] gain = new float[Math.toIntExact(shape.elements())];
                java.util.Arrays.fill(gain, LAST_GAIN);
                gains.put(name, HostTensor.of(gain, shape.dims()));
              }
            });
    m.loadPart(b, gains);
    return m;
  }

  /** Every distinct convolution, in the order of the network. */
  static List<Layer> layers(Backend b, Size size) {
    Trace trace = new Trace();
    Shape image = Shape.of(1, 3, size.side(), size.side());
    try (ResNet m = network(b, size);
        Tape tape = Tape.evaluation(b).withTrace(trace)) {
      m.forward(tape, tape.constant(b.memory().zeros(DType.F32, image)));
    }
    LinkedHashSet<Layer> all = new LinkedHashSet<>();
    for (Trace.Step s : trace.steps()) {
      if (s.operation() instanceof Conv2dOp c) {
        all.add(new Layer(s.call().shape(0), s.call().shape(1), c.geometry()));
      }
    }
    return new ArrayList<>(all);
  }
}
