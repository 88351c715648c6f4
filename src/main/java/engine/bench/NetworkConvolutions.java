package engine.bench;

import engine.autograd.Conv2d;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
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
import java.util.function.BiFunction;

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
      return Conv2d.flops(x, w, geometry);
    }

    /** Passes of a training step. */
    public int passes() {
      return onImages ? 2 : 3;
    }
  }

  private record Call(Tensor w, Shape x, Conv2dGeometry geometry) {}

  private record Key(Shape x, Shape w, Conv2dGeometry geometry) {}

  private NetworkConvolutions() {}

  /**
   * Every distinct convolution, in the order of the network.
   *
   * @param side of the images
   */
  public static List<Layer> of(Backend backend, Network model, int batch, int side) {
    List<Call> calls = watch(backend, model, side);
    Map<Tensor, String> names = new IdentityHashMap<>();
    model.parameters().forEach((name, p) -> names.put(p.value(), name.replace(".weight", "")));
    Map<Key, Layer> layers = new LinkedHashMap<>();
    for (Call c : calls) {
      Shape x = c.x().with(0, batch);
      layers.merge(
          new Key(x, c.w().shape(), c.geometry()),
          new Layer(names.get(c.w()), 1, x, c.w().shape(), c.geometry(), layers.isEmpty()),
          (a, _) -> new Layer(a.layer, a.count + 1, a.x, a.w, a.geometry, a.onImages));
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

  private static List<Call> watch(Backend backend, Network model, int side) {
    List<Call> calls = new ArrayList<>();
    Convolutions seen =
        proxy(
            Convolutions.class,
            backend.convolutions(),
            (method, args) -> {
              if (method.getName().equals("forward")) {
                calls.add(
                    new Call(
                        (Tensor) args[1], ((Tensor) args[0]).shape(), (Conv2dGeometry) args[3]));
              }
              return null;
            });
    Backend watched =
        proxy(
            Backend.class,
            backend,
            (method, _) -> method.getName().equals("convolutions") ? seen : null);
    Shape image = Shape.of(1, model.config().inChannels(), side, side);
    // A tape that could go backward: nothing is folded into a convolution on it.
    try (Tape tape = Tape.evaluation(watched)) {
      model.forward(tape, tape.constant(backend.memory().zeros(DType.F32, image)));
    }
    return calls;
  }

  /** {@code target} behind its interface; where {@code instead} has an answer, that is given. */
  private static <T> T proxy(
      Class<T> type, T target, BiFunction<Method, Object[], Object> instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, args) -> {
              Object answer = instead.apply(method, args);
              try {
                return answer != null ? answer : method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
