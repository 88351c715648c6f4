package engine.backend.cuda;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Convolutions by cuDNN's operation graphs, on row-major tensors. Products are of the images' type,
 * sums in fp32. A plan is made for each shape and kept.
 */
final class CudnnConvolutions implements Convolutions, AutoCloseable {
  /** What distinguishes plans. */
  private record Key(
      String work, DType type, Shape x, Shape w, Conv2dGeometry g, boolean bias, boolean add) {}

  private final CudaMemory memory;
  private final CudaReductions reductions;
  private final CudnnLibrary library;
  private final Map<Key, CudnnPlan> plans = new HashMap<>();

  CudnnConvolutions(CudaMemory memory, CudaReductions reductions, CudnnLibrary library) {
    this.memory = memory;
    this.reductions = reductions;
    this.library = library;
  }

  /** Row-major, as it is: the products' type changes in the call. */
  @Override
  public Tensor placeWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    return w.retain();
  }

  @Override
  public Tensor placeInferenceWeight(Tensor w, Shape x, DType type, Conv2dGeometry g) {
    return memory.cast(w, type);
  }

  @Override
  public Tensor forward(Tensor x, Tensor w, Tensor bias, Conv2dGeometry g) {
    return run("forward", x, w, bias, null, false, g);
  }

  @Override
  public Tensor inferInPlace(
      Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu, Conv2dGeometry g) {
    return run(relu ? "forward + ReLU" : "forward", x, w, bias, residual, relu, g);
  }

  private Tensor run(
      String work,
      Tensor x,
      Tensor w,
      Tensor bias,
      Tensor residual,
      boolean relu,
      Conv2dGeometry g) {
    Shape ys = g.outputShape(x.shape(), w.shape());
    Key key = new Key(work, x.dtype(), x.shape(), w.shape(), g, bias != null, residual != null);
    CudnnPlan plan = plan(key, b -> forward(b, key, ys, relu));
    Tensor y = memory.empty(x.dtype(), ys);
    try (Tensor products = memory.cast(w, x.dtype());
        Tensor add = residual == null ? null : memory.cast(residual, x.dtype())) {
      Tensor[] operands = new Tensor[plan.tensors()];
      operands[0] = x;
      operands[1] = products;
      operands[2] = y;
      int next = 3;
      if (bias != null) {
        operands[next++] = bias;
      }
      if (residual != null) {
        operands[next] = add;
      }
      plan.run(memory, operands);
    }
    return y;
  }

  /** Tensors 1 to 3 are x, w and y, then come bias and residual, then what is inside. */
  private static void forward(CudnnGraph b, Key key, Shape ys, boolean relu) {
    long x = b.tensor(key.type, key.x);
    long w = b.tensor(key.type, key.w);
    long y = b.tensor(key.type, ys);
    long bias = key.bias ? b.channels(Shape.of(key.w.dim(0))) : 0;
    long residual = key.add ? b.tensor(key.type, ys) : 0;
    int steps = (key.bias ? 1 : 0) + (key.add ? 1 : 0) + (relu ? 1 : 0);
    long last = steps == 0 ? y : b.inside(ys);
    b.forward(key.g, x, w, last);
    for (long operand : new long[] {bias, residual}) {
      if (operand != 0) {
        long next = --steps == 0 ? y : b.inside(ys);
        b.pointwise(Cudnn.CUDNN_POINTWISE_ADD, last, operand, next);
        last = next;
      }
    }
    if (relu) {
      b.pointwise(Cudnn.CUDNN_POINTWISE_RELU_FWD, last, 0, y);
    }
  }

  /** On the host, once for a network that is loaded for inference. */
  @Override
  public Folded foldNorm(
      Tensor w, Tensor scale, Tensor shift, Tensor mean, Tensor variance, float eps) {
    float[] weight = memory.download(w).toFloats();
    float[] gamma = memory.download(scale).toFloats();
    float[] beta = memory.download(shift).toFloats();
    float[] m = memory.download(mean).toFloats();
    float[] v = memory.download(variance).toFloats();
    int each = weight.length / gamma.length;
    for (int o = 0; o < gamma.length; o++) {
      float factor = (float) (gamma[o] / Math.sqrt((double) v[o] + eps));
      for (int i = o * each; i < (o + 1) * each; i++) {
        weight[i] *= factor;
      }
      beta[o] -= m[o] * factor;
    }
    return new Folded(
        memory.upload(HostTensor.of(weight, w.shape().dims())),
        memory.upload(HostTensor.of(beta, beta.length)));
  }

  @Override
  public Tensor backwardData(Tensor dy, Tensor w, Shape x, Conv2dGeometry g) {
    Key key = new Key("backward data", dy.dtype(), x, w.shape(), g, false, false);
    CudnnPlan plan =
        plan(
            key,
            b ->
                b.backwardData(
                    g,
                    b.tensor(key.type, x),
                    b.tensor(key.type, w.shape()),
                    b.tensor(key.type, dy.shape())));
    Tensor dx = memory.empty(dy.dtype(), x);
    try (Tensor products = memory.cast(w, dy.dtype())) {
      plan.run(memory, dx, products, dy);
    }
    return dx;
  }

  @Override
  public Tensor backwardWeight(Tensor x, Tensor dy, Tensor w, Tensor dbias, Conv2dGeometry g) {
    Key key = new Key("backward filter", x.dtype(), x.shape(), w.shape(), g, false, false);
    boolean half = x.dtype() != DType.F32;
    CudnnPlan plan = plan(key, b -> backwardFilter(b, key, dy.shape(), half));
    Tensor dw = memory.empty(DType.F32, w.shape());
    if (half) {
      plan.run(memory, x, dw, dy, null);
    } else {
      plan.run(memory, x, dw, dy);
    }
    if (dbias != null) {
      try (Tensor wide = memory.cast(dy, DType.F32);
          Tensor sum = reductions.sum(wide, new int[] {0, 2, 3}, false)) {
        memory.copyInPlace(sum, dbias);
      }
    }
    return dw;
  }

  /** cuDNN gives an fp32 gradient of halves only through a value inside the graph. */
  private static void backwardFilter(CudnnGraph b, Key key, Shape ys, boolean half) {
    long x = b.tensor(key.type, key.x);
    long dw = b.tensor(DType.F32, key.w);
    long dy = b.tensor(key.type, ys);
    long result = half ? b.inside(key.w) : dw;
    b.backwardFilter(key.g, x, result, dy);
    if (half) {
      b.pointwise(Cudnn.CUDNN_POINTWISE_IDENTITY, result, 0, dw);
    }
  }

  private CudnnPlan plan(Key key, Consumer<CudnnGraph> build) {
    return plans.computeIfAbsent(
        key,
        k -> {
          try (CudnnGraph graph = new CudnnGraph(library)) {
            build.accept(graph);
            return graph.plan(
                "convolution %s of %s %s by %s".formatted(k.work, k.type, k.x, k.w));
          }
        });
  }

  @Override
  public String implementation(Kernel kernel, Tensor x, Tensor w, Conv2dGeometry g) {
    return "cudnn:graph";
  }

  @Override
  public void close() {
    plans.values().forEach(CudnnPlan::close);
    plans.clear();
    library.close();
  }
}
