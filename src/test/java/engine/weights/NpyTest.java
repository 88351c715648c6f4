package engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NpyTest {
  private static final Path FILES = Path.of("src/test/resources/engine/golden/formats");

  @TempDir Path temp;

  @Test
  void fortranOrderBecomesRowMajor() throws IOException {
    HostTensor t = Npy.read(FILES.resolve("npy_fortran.npy"));
    assertEquals(Shape.of(3, 4), t.shape());
    assertEquals(-1.0137, t.get(1), 1e-4);
    assertEquals(-0.2976, t.get(4), 1e-4);
  }

  @Test
  void bigEndianValuesAreTurned() throws IOException {
    assertArrayEquals(new float[] {1.5f, -2}, Npy.read(FILES.resolve("npy_be.npy")).toFloats());
  }

  @Test
  void aScalarHasNoExtents() throws IOException {
    HostTensor t = Npy.read(FILES.resolve("npy_u8_0d.npy"));
    assertEquals(DType.U8, t.dtype());
    assertEquals(0, t.shape().rank());
    assertEquals(7, t.item());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296,2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "",
      })
  void whatDoesNotFitIsRefused(String header) throws IOException {
    assertThrows(WeightsException.class, () -> Npy.read(file(header)));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve("npy_f32.npy"));
    Path cut = temp.resolve("cut.npy");
    for (int n = 0; n < whole.length; n++) {
      Files.write(cut, Arrays.copyOf(whole, n));
      var e = assertThrows(WeightsException.class, () -> Npy.read(cut));
      assertTrue(e.getMessage().startsWith(cut + ": "), e.getMessage());
    }
  }

  private Path file(String header) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[10 + text.length + 8];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, all, 0, 8);
    all[8] = (byte) text.length;
    System.arraycopy(text, 0, all, 10, text.length);
    return Files.write(temp.resolve("a.npy"), all);
  }
}
