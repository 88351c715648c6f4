package engine.backend.cpu.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of a quantised network, packed as its kernels want them; shared by all its plans.
 */
final class Int8Weights implements AutoCloseable {
  private record Key(String layer, int md) {}

  private record Block(long address, long bytes) {}

  private final DnnlContext dnnl;
  private final HugeArena arena;
  private final Map<Key, Long> packed = new HashMap<>();
  private final Map<String, Long> floats = new HashMap<>();
  private final List<Block> blocks = new ArrayList<>();

  Int8Weights(DnnlContext dnnl, HugeArena arena) {
    this.dnnl = dnnl;
    this.arena = arena;
  }

  /**
   * The address of a layer's weight in the layout of {@code to}.
   *
   * @param plain how the bytes of {@code w} lie
   */
  long weight(String layer, HostTensor w, Md plain, Md to) {
    return packed.computeIfAbsent(
        new Key(layer, to.id),
        _ -> {
          long from = allocate(w.data().byteSize());
          MemorySegment.copy(
              w.data(), 0, Raw.segment(from, w.data().byteSize()), 0, w.data().byteSize());
          if (plain == to) {
            return from;
          }
          long at = allocate(to.bytes);
          Primitive reorder =
              dnnl.compile(
                  "dnnl_reorder_primitive_desc_create",
                  "weights of " + layer,
                  new int[3],
                  new Md[3],
                  0,
                  (out, engine, attr, a) ->
                      Dnnl.dnnl_reorder_primitive_desc_create(
                          out, plain.handle, engine, to.handle, engine, attr));
          dnnl.execute(
              reorder,
              new Args().add(Dnnl.DNNL_ARG_SRC, plain, from).add(Dnnl.DNNL_ARG_DST, to, at));
          Dnnl.dnnl_primitive_destroy(reorder.handle());
          Dnnl.dnnl_primitive_desc_destroy(reorder.descriptor());
          Block last = blocks.remove(blocks.size() - 2);
          arena.free(last.address, last.bytes);
          return at;
        });
  }

  /** What an integer sum is multiplied by, a channel: {@code input * weight / output}. */
  long factors(String layer, QuantizedType in, float[] weightScale, float outScale) {
    float[] f = new float[weightScale.length];
    for (int c = 0; c < f.length; c++) {
      f[c] = (float) ((double) in.scale() * weightScale[c] / outScale);
    }
    return floats(layer + ".factors", f);
  }

  /** Biases in units of the output. */
  long biases(String layer, QuantizedType in, float[] weightScale, int[] bias, float outScale) {
    float[] b = new float[bias.length];
    for (int c = 0; c < b.length; c++) {
      b[c] = (float) (bias[c] * ((double) in.scale() * weightScale[c] / outScale));
    }
    return floats(layer + ".bias", b);
  }

  long scalar(String name, float value) {
    return floats(name, new float[] {value});
  }

  /** A zero point as oneDNN reads it: an int. */
  long zeroPoint(QuantizedType grid) {
    return floats("zero point " + grid.zeroPoint(), Float.intBitsToFloat(grid.zeroPoint()));
  }

  private long floats(String name, float... values) {
    return floats.computeIfAbsent(
        name,
        _ -> {
          long at = allocate(values.length * 4L);
          for (int i = 0; i < values.length; i++) {
            Raw.i32(at, i, Float.floatToRawIntBits(values[i]));
          }
          return at;
        });
  }

  Md floatsMd(long n) {
    return dnnl.mds.rowMajor(Shape.of(n), DType.F32);
  }

  private long allocate(long bytes) {
    long at = arena.allocate(bytes);
    blocks.add(new Block(at, bytes));
    return at;
  }

  @Override
  public void close() {
    blocks.forEach(b -> arena.free(b.address, b.bytes));
    blocks.clear();
    packed.clear();
    floats.clear();
  }
}
