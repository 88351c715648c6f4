package engine.backend.cpu.dnnl;

import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Makes and interns memory descriptors. */
public final class MdTable {
  private record TagKey(Shape shape, DType dtype, int tag) {}

  private final Map<TagKey, Md> byTag = new HashMap<>();

  /**
   * By oneDNN's bytes, and by the shape that the tensor has here: a workspace is a row of bytes to
   * whoever keeps it, and to oneDNN an image.
   */
  private record BlobKey(ByteBuffer blob, Shape shape) {}

  private final Map<BlobKey, Md> byBlob = new HashMap<>();
  private final int blockedTag;
  private int nextId;

  /**
   * @param channelBlock 16 or 8: the vector width of the machine in floats
   */
  MdTable(int channelBlock) {
    blockedTag = channelBlock == 16 ? Dnnl.dnnl_nChw16c : Dnnl.dnnl_nChw8c;
  }

  /** Channel-blocked layout of an image tensor [N, C, H, W], the layout between convolutions. */
  public Md blocked(Shape shape, DType dtype) {
    return tag(shape, dtype, blockedTag);
  }

  /** Channels-last layout of an image tensor [N, C, H, W]. */
  public Md channelsLast(Shape shape, DType dtype) {
    return tag(shape, dtype, Dnnl.dnnl_nhwc);
  }

  /** Whether the machine's vectors hold 16 floats. */
  public boolean wide() {
    return blockedTag == Dnnl.dnnl_nChw16c;
  }

  /** Whatever layout the primitive likes best. */
  public Md any(Shape shape, DType dtype) {
    return tag(shape, dtype, Dnnl.dnnl_format_tag_any);
  }

  public Md rowMajor(Shape shape, DType dtype) {
    return byTag.computeIfAbsent(
        new TagKey(shape, dtype, 0),
        k -> {
          long[] strides = new long[Math.max(1, shape.rank())];
          long s = 1;
          for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = s;
            s *= shape.rank() == 0 ? 1 : Math.max(1, shape.dim(i));
          }
          return strided(shape, dtype, strides, "row-major");
        });
  }

  /** A matrix [rows, columns] that lies column after column; or several, one after the other. */
  public Md transposed(Shape shape, DType dtype) {
    long rows = shape.dim(shape.rank() - 2);
    long columns = shape.dim(shape.rank() - 1);
    long[] strides =
        shape.rank() == 2 ? new long[] {1, rows} : new long[] {rows * columns, 1, rows};
    return byTag.computeIfAbsent(
        new TagKey(shape, dtype, -1), k -> strided(shape, dtype, strides, "transposed"));
  }

  /** The layout of {@code md} with another element type. */
  public Md likewise(Md md, DType dtype) {
    if (md.dtype == dtype) {
      return md;
    }
    if (md == rowMajor(md.shape, md.dtype)) {
      return rowMajor(md.shape, dtype);
    }
    if (md.shape.rank() == 4 && md == blocked(md.shape, md.dtype)) {
      return blocked(md.shape, dtype);
    }
    if (md.shape.rank() == 4 && md == channelsLast(md.shape, md.dtype)) {
      return channelsLast(md.shape, dtype);
    }
    throw new IllegalArgumentException(
        "a tensor laid out as " + md + " cannot become " + dtype + " where it is");
  }

  /** The layout that an image result of {@code shape} has when it lies as {@code md} does. */
  public Md sameKind(Md md, Shape shape) {
    if (md == rowMajor(md.shape, md.dtype)) {
      return rowMajor(shape, md.dtype);
    }
    if (md == channelsLast(md.shape, md.dtype)) {
      return channelsLast(shape, md.dtype);
    }
    return md == blocked(md.shape, md.dtype) ? blocked(shape, md.dtype) : any(shape, md.dtype);
  }

  /** The descriptor of a tensor. */
  public Md of(Tensor t) {
    if (t.layout() instanceof Md md) {
      return md;
    }
    if (!t.layout().isRowMajor()) { // such as filters transformed for one convolution
      throw new IllegalArgumentException("oneDNN cannot read a tensor laid out as " + t.layout());
    }
    return rowMajor(t.shape(), t.dtype());
  }

  /**
   * Interns a descriptor that oneDNN owns, such as one queried from a primitive; null where it is
   * empty.
   */
  Md intern(long handle, Shape shape, DType dtype, String text) {
    if (handle == 0 || Dnnl.dnnl_memory_desc_get_size(handle) == 0) {
      return null;
    }
    return byBlob.computeIfAbsent(
        new BlobKey(blob(handle), shape),
        b -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(8);
            DnnlStatus.check(
                Dnnl.dnnl_memory_desc_clone(out.address(), handle),
                "dnnl_memory_desc_clone",
                shape);
            return made(out.get(ValueLayout.JAVA_LONG, 0), shape, dtype, text);
          }
        });
  }

  public static int dataType(DType d) {
    return switch (d) {
      case F32 -> Dnnl.dnnl_f32;
      case BF16 -> Dnnl.dnnl_bf16;
      case F16 -> Dnnl.dnnl_f16;
      case I32 -> Dnnl.dnnl_s32;
      case I8 -> Dnnl.dnnl_s8;
      case U8 -> Dnnl.dnnl_u8;
      default -> throw new IllegalArgumentException("oneDNN computes no " + d);
    };
  }

  private Md tag(Shape shape, DType dtype, int tag) {
    return byTag.computeIfAbsent(
        new TagKey(shape, dtype, tag),
        k -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(8);
            MemorySegment dims = arena.allocateFrom(ValueLayout.JAVA_LONG, shape.dims());
            DnnlStatus.check(
                Dnnl.dnnl_memory_desc_create_with_tag(
                    out.address(), shape.rank(), dims.address(), dataType(dtype), tag),
                "dnnl_memory_desc_create_with_tag",
                shape);
            long h = out.get(ValueLayout.JAVA_LONG, 0);
            if (tag == Dnnl.dnnl_format_tag_any) {
              return made(h, shape, dtype, "any");
            }
            String text =
                switch (tag) {
                  case Dnnl.dnnl_nhwc -> "nhwc";
                  case Dnnl.dnnl_nChw16c -> "nChw16c";
                  default -> "nChw8c";
                };
            return byBlob.computeIfAbsent(
                new BlobKey(blob(h), shape), b -> made(h, shape, dtype, text));
          }
        });
  }

  private Md strided(Shape shape, DType dtype, long[] strides, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(8);
      long[] d = shape.rank() == 0 ? new long[] {1} : shape.dims();
      MemorySegment dims = arena.allocateFrom(ValueLayout.JAVA_LONG, d);
      MemorySegment st = arena.allocateFrom(ValueLayout.JAVA_LONG, strides);
      DnnlStatus.check(
          Dnnl.dnnl_memory_desc_create_with_strides(
              out.address(), d.length, dims.address(), dataType(dtype), st.address()),
          "dnnl_memory_desc_create_with_strides",
          shape);
      long h = out.get(ValueLayout.JAVA_LONG, 0);
      return byBlob.computeIfAbsent(new BlobKey(blob(h), shape), b -> made(h, shape, dtype, text));
    }
  }

  private Md made(long handle, Shape shape, DType dtype, String text) {
    return new Md(handle, nextId++, shape, dtype, Dnnl.dnnl_memory_desc_get_size(handle), text);
  }

  private static ByteBuffer blob(long handle) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8);
      Dnnl.dnnl_memory_desc_get_blob(0, size.address(), handle);
      MemorySegment bytes = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
      Dnnl.dnnl_memory_desc_get_blob(bytes.address(), size.address(), handle);
      return ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
