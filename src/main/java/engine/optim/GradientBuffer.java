package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/**
 * The gradients of a model in one flat tensor, so that devices exchange them with one call; each
 * parameter's gradient is a part of it.
 */
public final class GradientBuffer implements AutoCloseable {
  /** Parts begin at multiples of so many floats: 256 bytes, which suits every kernel. */
  private static final long ALIGNMENT = 64;

  private final Backend backend;
  private final List<Parameter> parameters;
  private final Tensor flat;

  /**
   * Moves what gradients there are, and keeps those to come.
   *
   * @param parameters those that have gradients take part, in this order; their layout is settled
   */
  public GradientBuffer(Backend backend, Collection<Parameter> parameters) {
    this.backend = backend;
    this.parameters = parameters.stream().filter(p -> p.grad() != null).toList();
    long floats = this.parameters.stream().mapToLong(GradientBuffer::room).sum();
    flat = backend.memory().zeros(DType.F32, Shape.of(floats));
    long at = flat.address();
    for (Parameter p : this.parameters) {
      Tensor value = p.value();
      Storage part = new Storage(at, value.storage().bytes(), _ -> {});
      p.keepGradientsIn(backend, new Tensor(DType.F32, value.shape(), value.layout(), part));
      at += room(p) * Float.BYTES;
    }
  }

  private static long room(Parameter p) {
    long floats = (p.value().storage().bytes() + Float.BYTES - 1) / Float.BYTES;
    return (floats + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** F32 of one axis; 0 between the parts. */
  public Tensor flat() {
    return flat;
  }

  /** Gradients have memory of their own again; those that there are go. */
  @Override
  public void close() {
    parameters.forEach(
        p -> {
          p.clearGrad();
          p.keepGradientsIn(backend, null);
        });
    flat.close();
  }
}
