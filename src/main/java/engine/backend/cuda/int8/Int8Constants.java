package engine.backend.cuda.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of a quantised network on the device, packed once for all its plans.
 *
 * <p>What is computed is {@code q_y = sat(round(factor * sum(q_x * q_w) + bias + residualFactor *
 * q_r))} of bytes as {@link Int8Frames} stores them, so the bias holds every zero point: {@code
 * bias = (b - z_x * sum(q_w)) * factor + z_y - residualFactor * z_r}.
 */
final class Int8Constants implements AutoCloseable {
  /**
   * @param weights I8 [O, kH, kW, C], both channels padded with zeros; of groups [kH, kW, C, O]
   * @param factors F32 [O]: {@code s_x * s_w / s_y}
   * @param bias F32 [O]
   * @param residualFactor F32 [1]: {@code s_r / s_y}; null without a residual
   * @param lowest F32 [1]: the zero point of the result
   */
  record Convolution(
      Tensor weights, Tensor factors, Tensor bias, Tensor residualFactor, Tensor lowest) {}

  /**
   * @param weights I8 [O, I], both padded with zeros
   * @param factors F32 [O]: {@code s_x * s_w}
   * @param bias I32 [O], with the zero point of x
   */
  record Linear(Tensor weights, Tensor factors, Tensor bias) {}

  private final CudaMemory memory;
  private final Map<String, Convolution> convolutions = new HashMap<>();
  private final Map<String, Linear> linears = new HashMap<>();
  private final List<Tensor> all = new ArrayList<>();

  Int8Constants(CudaMemory memory) {
    this.memory = memory;
  }

  /**
   * Of a convolution.
   *
   * @param filters their padded shape, [O, C, kH, kW]
   * @param x the grid of its input as it is stored; {@code y} and {@code residual} likewise
   * @param residual null for none
   */
  Convolution of(
      Int8Layer.Conv c, Shape filters, QuantizedType x, QuantizedType y, QuantizedType residual) {
    return convolutions.computeIfAbsent(
        c.name(),
        _ -> {
          int outs = filters.size(0);
          float[] factors = factors(x, c.weightScale(), y.scale(), outs);
          float ratio = residual == null ? 0 : residual.scale() / y.scale();
          double zero =
              y.zeroPoint() - (residual == null ? 0 : (double) ratio * residual.zeroPoint());
          long[] sums = sums(c.weight());
          float[] bias = new float[outs];
          for (int o = 0; o < c.bias().length; o++) {
            double exact = (double) x.scale() * c.weightScale()[o] / y.scale();
            // Times the very factor of the sums, from which it must cancel.
            double zeroOfSums = (double) x.zeroPoint() * sums[o] * factors[o];
            bias[o] = (float) (c.bias()[o] * exact - zeroOfSums + zero);
          }
          return new Convolution(
              upload(
                  c.geometry().groups() == 1
                      ? packed(c.weight(), filters)
                      : byTap(c.weight(), outs)),
              upload(HostTensor.of(factors, outs)),
              upload(HostTensor.of(bias, outs)),
              residual == null ? null : upload(HostTensor.of(new float[] {ratio}, 1)),
              upload(HostTensor.of(new float[] {y.zeroPoint()}, 1)));
        });
  }

  /**
   * Of a linear layer.
   *
   * @param weights their padded shape, [O, I]
   * @param x the grid of its input as it is stored
   */
  Linear of(Int8Layer.Linear l, Shape weights, QuantizedType x) {
    return linears.computeIfAbsent(
        l.name(),
        _ -> {
          int outs = l.bias().length;
          long[] sums = sums(l.weight());
          int[] bias = new int[outs];
          for (int o = 0; o < outs; o++) {
            bias[o] = Math.toIntExact(l.bias()[o] - x.zeroPoint() * sums[o]);
          }
          Shape w = l.weight().shape();
          HostTensor pixel =
              new HostTensor(DType.I8, Shape.of(w.dim(0), w.dim(1), 1, 1), l.weight().data());
          return new Linear(
              upload(packed(pixel, Shape.of(weights.dim(0), weights.dim(1), 1, 1))),
              upload(HostTensor.of(factors(x, l.weightScale(), 1, outs), outs)),
              upload(HostTensor.of(bias, outs)));
        });
  }

  private static float[] factors(QuantizedType x, float[] weightScale, float scaleY, int outs) {
    float[] factors = new float[outs];
    for (int o = 0; o < weightScale.length; o++) {
      factors[o] = (float) ((double) x.scale() * weightScale[o] / scaleY);
    }
    return factors;
  }

  /** Of the weights of each output channel. */
  private static long[] sums(HostTensor w) {
    byte[] bytes = w.toBytes();
    long[] sums = new long[w.shape().size(0)];
    int each = bytes.length / sums.length;
    for (int i = 0; i < bytes.length; i++) {
      sums[i / each] += bytes[i];
    }
    return sums;
  }

  /** [O, C, kH, kW] as O, kH, kW, C, filled up with zeros. */
  private static HostTensor packed(HostTensor w, Shape to) {
    byte[] from = w.toBytes();
    int channels = w.shape().size(1);
    int taps = to.size(2) * to.size(3);
    int padded = to.size(1);
    byte[] out = new byte[Math.toIntExact(to.elements())];
    for (int i = 0; i < from.length; i++) {
      int tap = i % taps;
      int c = i / taps % channels;
      int o = i / taps / channels;
      out[(o * taps + tap) * padded + c] = from[i];
    }
    return new HostTensor(DType.I8, Shape.of(out.length), MemorySegment.ofArray(out));
  }

  /** [O, C/groups, kH, kW] as kH, kW, C/groups, O, the last filled up with zeros. */
  private static HostTensor byTap(HostTensor w, int outs) {
    byte[] from = w.toBytes();
    int channels = w.shape().size(1);
    int taps = w.shape().size(2) * w.shape().size(3);
    byte[] out = new byte[taps * channels * outs];
    for (int i = 0; i < from.length; i++) {
      int tap = i % taps;
      int c = i / taps % channels;
      out[(tap * channels + c) * outs + i / taps / channels] = from[i];
    }
    return new HostTensor(DType.I8, Shape.of(out.length), MemorySegment.ofArray(out));
  }

  private Tensor upload(HostTensor host) {
    Tensor t = memory.upload(host);
    all.add(t);
    return t;
  }

  @Override
  public void close() {
    all.forEach(Tensor::close);
    all.clear();
    convolutions.clear();
    linears.clear();
  }
}
