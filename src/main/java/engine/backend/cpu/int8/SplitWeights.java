package engine.backend.cpu.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Exact sums of bytes on a processor without VNNI, which adds two products of u8 and s8 in 16 bits
 * with saturation ({@code vpmaddubsw}) before it widens them. With weights of at most 64 nothing
 * saturates: {@code 2 * 255 * 64 < 2^15}. Larger ones are split, {@code w = high + low}, and the
 * layer reads every input channel twice, once for each half: the same sum in the same kernel, which
 * rounds it as ever, for twice the work.
 */
public final class SplitWeights {
  private SplitWeights() {}

  /** Whether this processor adds products in 16 bits. */
  public static boolean areNeeded() {
    int isa = Dnnl.dnnl_get_effective_cpu_isa();
    return !has(isa, Dnnl.dnnl_cpu_isa_avx512_core_vnni) && !has(isa, Dnnl.dnnl_cpu_isa_avx2_vnni);
  }

  private static boolean has(int isa, int feature) {
    return (isa & feature) == feature;
  }

  /**
   * The layer as this processor sums it exactly: itself, or one with twice the input channels. One
   * that reads signed bytes has them shifted on the way: oneDNN would do that with halved weights.
   */
  static Int8Layer of(Int8Layer layer, Int8Graph graph) {
    HostTensor w =
        switch (layer) {
          case Int8Layer.Conv c -> c.weight();
          case Int8Layer.Linear l -> l.weight();
          default -> null;
        };
    if (w == null || layer instanceof Int8Layer.Conv c && isDepthwise(c)) {
      return layer;
    }
    if (Int8Graph.bits(w) < 8 && graph.grid(layer.input()).dtype() == DType.U8) {
      return layer;
    }
    HostTensor halves = split(w);
    return switch (layer) {
      case Int8Layer.Conv c ->
          new Int8Layer.Conv(
              c.name(),
              c.input(),
              c.residual(),
              c.output(),
              new Int8Layer.Parameters(halves, c.weightScale(), c.bias()),
              c.geometry(),
              c.relu());
      case Int8Layer.Linear l ->
          new Int8Layer.Linear(
              l.name(),
              l.input(),
              l.output(),
              new Int8Layer.Parameters(halves, l.weightScale(), l.bias()));
      default -> layer;
    };
  }

  /** Whose products are added one by one, in 32 bits. */
  private static boolean isDepthwise(Int8Layer.Conv c) {
    return c.geometry().groups() > 1 && c.weight().shape().dim(1) == 1;
  }

  /**
   * @param w I8 [O, C, ...]
   * @return [O, 2C, ...]: the larger halves, then the smaller ones
   */
  private static HostTensor split(HostTensor w) {
    byte[] all = w.data().toArray(ValueLayout.JAVA_BYTE);
    byte[] out = new byte[2 * all.length];
    int row = all.length / w.shape().size(0);
    for (int i = 0; i < all.length; i++) {
      int low = all[i] >> 1;
      int at = i / row * 2 * row + i % row;
      out[at] = (byte) (all[i] - low);
      out[at + row] = (byte) low;
    }
    long[] dims = w.shape().dims().clone();
    dims[1] *= 2;
    return new HostTensor(DType.I8, Shape.of(dims), MemorySegment.ofArray(out));
  }
}
