package engine.backend.cpu.dnnl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.TestDevices;
import engine.tensor.DType;
import engine.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Which descriptors are one and the same. */
final class MdTableTest {
  @Test
  void aWorkspaceThatLiesAsAnImageIsNoImage() {
    assertEquals("cpu", TestDevices.cpu().name()); // oneDNN is loaded
    MdTable table = new MdTable(16);
    Shape image = Shape.of(2, 16, 5, 6);
    Md blocked = table.blocked(image, DType.U8);
    Md workspace = table.intern(blocked.handle, Shape.of(960), DType.U8, "workspace");
    assertEquals(Shape.of(960), workspace.shape);
    assertSame(blocked, table.blocked(image, DType.U8));
    assertSame(blocked, table.intern(blocked.handle, image, DType.U8, "image"));
  }
}
