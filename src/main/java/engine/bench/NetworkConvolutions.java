package engine.bench;

import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Normalizations;
import engine.model.Network;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

  private record Call(Tensor w, Shape x, Conv2dGeometry geometry, Tensor y) {}

  private record Norm(boolean residual, boolean relu) {
    static final Norm NONE = new Norm(false, false);
  }

  /** What went through a network, norms by the tensor that they read. */
  private record Pass(List<Call> calls, Map<Tensor, Norm> norms) {}

  private NetworkConvolutions() {}

  /**
   * Every distinct convolution, in the order of the network.
   *
   * @param side of the images
   */
  public static List<Layer> of(Backend backend, Network model, int batch, int side) {
    return distinct(model, watch(backend, model, side), batch, c -> Norm.NONE).stream()
        .map(Normed::layer)
        .toList();
  }

  /**
   * Every convolution that differs from the others in its shapes or in what its norm does, in the
   * order of the network.
   *
   * @param side of the images
   */
  public static List<Normed> withNorms(Backend backend, Network model, int batch, int side) {
    Pass pass = watch(backend, model, side);
    return distinct(model, pass, batch, c -> pass.norms.getOrDefault(c.y, Norm.NONE));
  }

  private static List<Normed> distinct(
      Network model, Pass pass, int batch, Function<Call, Norm> norm) {
    Map<Tensor, String> names = new IdentityHashMap<>();
    model.parameters().forEach((name, p) -> names.put(p.value(), name.replace(".weight", "")));
    Map<List<Object>, Normed> layers = new LinkedHashMap<>();
    for (Call c : pass.calls) {
      Shape x = c.x().with(0, batch);
      Norm n = norm.apply(c);
      layers.merge(
          List.of(x, c.w().shape(), c.geometry(), n),
          new Normed(
              new Layer(names.get(c.w()), 1, x, c.w().shape(), c.geometry(), layers.isEmpty()),
              n.residual,
              n.relu),
          (a, _) -> new Normed(a.layer.oneMore(), a.residual, a.relu));
    }
    return List.copyOf(layers.values());
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

  private static Pass watch(Backend backend, Network model, int side) {
    List<Call> calls = new ArrayList<>();
    Map<Tensor, Norm> norms = new IdentityHashMap<>();
    Convolutions convolutions =
        proxy(
            Convolutions.class,
            backend.convolutions(),
            (method, args, y) -> {
              if (method.getName().equals("forward")) {
                Shape x = ((Tensor) args[0]).shape();
                calls.add(new Call((Tensor) args[1], x, (Conv2dGeometry) args[3], (Tensor) y));
              }
              return y;
            });
    Normalizations normalizations =
        proxy(
            Normalizations.class,
            backend.normalizations(),
            (method, args, y) -> {
              if (method.getName().equals("infer")) {
                var after = (Normalizations.After) args[3];
                norms.put((Tensor) args[0], new Norm(after.residual() != null, after.relu()));
              }
              return y;
            });
    Backend watched =
        proxy(
            Backend.class,
            backend,
            (method, _, answer) ->
                switch (method.getName()) {
                  case "convolutions" -> convolutions;
                  case "normalizations" -> normalizations;
                  default -> answer;
                });
    Shape image = Shape.of(1, model.config().inChannels(), side, side);
    // A tape that could go backward: nothing is folded into a convolution on it.
    try (Tape tape = Tape.evaluation(watched)) {
      model.forward(tape, tape.constant(backend.memory().zeros(DType.F32, image)));
    }
    return new Pass(calls, norms);
  }

  /** Sees a call and what it gave, and says what is given instead. */
  private interface Watcher {
    Object after(Method method, Object[] arguments, Object answer);
  }

  /** {@code target} behind its interface. */
  private static <T> T proxy(Class<T> type, T target, Watcher watcher) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, args) -> {
              try {
                return watcher.after(method, args, method.invoke(target, args));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
