package engine.backend.cpu.dnnl;

import engine.tensor.DType;
import engine.tensor.Layout;
import engine.tensor.Shape;

/**
 * A oneDNN memory descriptor: shape, type and the way elements lie. Interned by {@link MdTable}, so
 * that two equal ones are the same object; never freed. As a tensor's layout it means "as this
 * descriptor says".
 */
public final class Md implements Layout {
  public final long handle;
  public final int id;
  public final Shape shape;
  public final DType dtype;
  public final long bytes;
  private final String text;

  Md(long handle, int id, Shape shape, DType dtype, long bytes, String text) {
    this.handle = handle;
    this.id = id;
    this.shape = shape;
    this.dtype = dtype;
    this.bytes = bytes;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
