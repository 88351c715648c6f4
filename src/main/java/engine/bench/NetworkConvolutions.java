package engine.bench;

import engine.autograd.BatchNorm;
import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.TapeObserver;
import engine.autograd.TapeObserver.Op;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.model.Network;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The convolutions of a network, found by watching one image go through it. */
public final class NetworkConvolutions {
  /**
   * A convolution as often as the network has it.
   *
   * @param layer name of the first layer that does it
   * @param count layers that do it
   * @param x input [N, C, H, W]
   * @param w weight [O, C, kH, kW]
   * @param onImages whether its input is the images, which want no gradient
   */
  public record Layer(
      String layer, int count, Shape x, Shape w, Conv2dGeometry geometry, boolean onImages) {
    /** Of one pass; forward and the two backwards cost the same. */
    public double flops() {
      return Conv2dOp.flops(x, w, geometry);
    }

    /** Passes of a training step. */
    public int passes() {
      return onImages ? 2 : 3;
    }

    private Layer oneMore() {
      return new Layer(layer, count + 1, x, w, geometry, onImages);
    }
  }

  /**
   * A convolution and the norm after it.
   *
   * @param residual whether the norm adds another branch
   * @param relu whether a ReLU follows
   */
  public record Normed(Layer layer, boolean residual, boolean relu) {}

  private record Norm(boolean residual, boolean relu) {
    static final Norm NONE = new Norm(false, false);
  }

  private NetworkConvolutions() {}

  /**
   * Every distinct convolution, in the order of the network.
   *
   * @param side of the images
   */
  public static List<Layer> of(Backend backend, Network model, int batch, int side) {
    return distinct(watch(backend, model, side), batch, false).stream().map(Normed::layer).toList();
  }

  /**
   * Every convolution that differs from the others in its shapes or in what its norm does, in the
   * order of the network.
   *
   * @param side of the images
   */
  public static List<Normed> withNorms(Backend backend, Network model, int batch, int side) {
    return distinct(watch(backend, model, side), batch, true);
  }

  private static List<Normed> distinct(List<Op> ops, int batch, boolean norms) {
    Map<List<Object>, Normed> layers = new LinkedHashMap<>();
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      if (op.operation() instanceof Conv2dOp c) {
        Norm n = norms && i + 1 < ops.size() ? norm(ops.get(i + 1)) : Norm.NONE;
        Shape x = op.call().shape(0).with(0, batch);
        Shape w = op.call().shape(1);
        layers.merge(
            List.of(x, w, c.geometry(), n),
            new Normed(
                new Layer(op.layer(), 1, x, w, c.geometry(), layers.isEmpty()), n.residual, n.relu),
            (a, _) -> new Normed(a.layer.oneMore(), a.residual, a.relu));
      }
    }
    return List.copyOf(layers.values());
  }

  /** What the op after a convolution is to it. */
  private static Norm norm(Op next) {
    return next.operation() instanceof BatchNorm.Infer n
        ? new Norm(next.call().has(BatchNorm.RESIDUAL), n.relu())
        : Norm.NONE;
  }

  /** Multiply-adds times two of a forward, or with {@code passes} 3 of a whole training step. */
  static double flops(List<Layer> layers, Network model, int batch, int passes) {
    Parameter fc = model.parameters().get(model.config().classifier() + ".weight");
    double matrix = 2.0 * batch * fc.shape().elements() * passes;
    return matrix
        + layers.stream()
            .mapToDouble(l -> l.count() * l.flops() * Math.min(passes, l.passes()))
            .sum();
  }

  /** The ops of one image's way, on a tape that could go backward: it folds no norm. */
  private static List<Op> watch(Backend backend, Network model, int side) {
    List<Op> ops = new ArrayList<>();
    Shape image = Shape.of(1, model.config().inChannels(), side, side);
    try (Tape tape = Tape.evaluation(backend).withObserver(seen(ops), model.parameters())) {
      model.forward(tape, tape.constant(backend.memory().zeros(DType.F32, image)));
    }
    return ops;
  }

  private static TapeObserver seen(List<Op> ops) {
    return new TapeObserver() {
      @Override
      public void forward(Op op, Variable output) {
        ops.add(op);
      }

      @Override
      public void backward(Op op, Variable of, String name, Tensor gradient) {}
    };
  }
}
