package engine.nn;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.random.RandomGenerator;

/** A square convolution without bias, as every convolution of a network with batch norm. */
public final class Conv2d extends Module {
  private final Parameter weight;
  private final Conv2dGeometry geometry;

  /** Kaiming-normal weights by fan-out (He et al. 2015), as torchvision's ResNet. */
  public Conv2d(
      Backend backend,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      RandomGenerator random) {
    HostTensor w = Init.kaimingNormal(Shape.of(out, in, kernel, kernel), Init.Fan.OUT, random);
    weight = parameter("weight", new Parameter(backend.memory().upload(w), true));
    geometry = Conv2dGeometry.of(stride, padding, 1);
  }

  public Parameter weight() {
    return weight;
  }

  public Conv2dGeometry geometry() {
    return geometry;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return engine.autograd.Conv2d.apply(tape, x, weight, null, geometry);
  }
}
