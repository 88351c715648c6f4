package engine.backend;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A quantised network with a plan for each shape of input met so far; a device says what a plan is.
 *
 * @param <P> its plans
 */
public abstract class ShapedInt8Network<P extends ShapedInt8Network.Program>
    implements Int8Network {
  /** A network prepared for one shape of input. */
  public interface Program extends AutoCloseable {
    /** See {@link Int8Network#run(MemorySegment, int, int, int, float[], float[])}. */
    HostTensor run(MemorySegment pixels, float[] mean, float[] std);

    /** See {@link Int8Network#implementations}. */
    Map<String, String> implementations();

    @Override
    void close();
  }

  /** Shapes kept ready; a folder of pictures of many sizes must not fill the memory. */
  private static final int PLANS = 8;

  private final int channels;
  private final LinkedHashMap<Shape, P> plans = new LinkedHashMap<>(16, 0.75f, true);

  protected ShapedInt8Network(Int8Graph graph) {
    channels = graph.channels();
  }

  /** Prepares the network for inputs of a shape [N, C, H, W]. */
  protected abstract P prepare(Shape shape);

  /** The answer to a tensor that fits the network. */
  protected abstract HostTensor run(P plan, Tensor x);

  @Override
  public final HostTensor run(Tensor x) {
    if (x.dtype() != DType.F32 || x.shape().rank() != 4 || x.shape().dim(1) != channels) {
      throw new IllegalArgumentException(
          "this network takes F32 images of " + channels + " channels, not " + x);
    }
    return run(plan(x.shape()), x);
  }

  @Override
  public final HostTensor run(
      MemorySegment pixels, int n, int height, int width, float[] mean, float[] std) {
    long bytes = (long) n * height * width * channels;
    if (pixels.byteSize() < bytes || mean.length != channels) {
      throw new IllegalArgumentException(
          "%d pixel bytes and %d means do not fit %d images of %dx%dx%d"
              .formatted(pixels.byteSize(), mean.length, n, height, width, channels));
    }
    return plan(Shape.of(n, channels, height, width)).run(pixels.asSlice(0, bytes), mean, std);
  }

  private P plan(Shape shape) {
    P p = plans.get(shape);
    if (p == null) {
      if (plans.size() >= PLANS) {
        plans.pollFirstEntry().getValue().close();
      }
      p = prepare(shape);
      plans.put(shape, p);
    }
    return p;
  }

  @Override
  public final Map<String, String> implementations() {
    return plans.isEmpty() ? Map.of() : plans.lastEntry().getValue().implementations();
  }

  @Override
  public void close() {
    plans.values().forEach(Program::close);
    plans.clear();
  }
}
