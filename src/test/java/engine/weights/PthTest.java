package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of {@code torch.save}. Those in the resources were written by PyTorch ({@code gen_formats}
 * of the reference cases); the hostile ones are made here.
 */
final class PthTest {
  private static final Path FILES = Path.of("src/test/resources/engine/weights");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"dtypes_zip", "dtypes_legacy", "dtypes_zip_protocol4"})
  void everyTypeAndViewHasTheValuesOfTheSafetensorsFile(String name) throws IOException {
    Map<String, HostTensor> want = SafeTensors.read(FILES.resolve("dtypes.safetensors")).tensors();
    Map<String, HostTensor> got = WeightsFile.read(FILES.resolve(name + ".pth")).tensors();
    assertEquals(want.keySet(), got.keySet());
    want.forEach(
        (key, t) -> {
          assertEquals(t.dtype(), got.get(key).dtype(), key);
          assertEquals(t.shape(), got.get(key).shape(), key);
          assertEquals(-1, t.data().mismatch(got.get(key).data()), key);
        });
  }

  @Test
  void aCheckpointGivesItsStateDictAndWhatStandsBesideIt() throws IOException {
    WeightsFile.Contents c = WeightsFile.read(FILES.resolve("checkpoint_dataparallel.pth"));
    assertTrue(c.tensors().containsKey("module.conv.weight"));
    assertEquals("resnet50", c.values().get("arch"));
    assertEquals("é", c.values().get("name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"refuse_global_zip", "refuse_global_legacy"})
  void whatAPickleWantsToCallIsRefusedByName(String name) {
    Path file = FILES.resolve(name + ".pth");
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("getcwd"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timm.pth.tar", "torchvision.pth", "lightning.ckpt", "everything.pth"})
  void whatTrainingScriptsSaveIsReadWithTheirOptions(String name) throws IOException {
    WeightsFile.Contents c = WeightsFile.read(FILES.resolve("checkpoints").resolve(name));
    assertEquals(7, c.tensors().size());
    String prefix = name.startsWith("lightning") ? "model." : "";
    assertTrue(c.tensors().containsKey(prefix + "1.running_var"), c.tensors().keySet().toString());
    if (c.values().get("args") instanceof Map<?, ?> args) {
      assertEquals("resnet18", args.get("model"));
      assertEquals("/data/x", args.get("data_dir"));
    }
    if (c.values().get("hyper_parameters") instanceof Map<?, ?> options) {
      assertEquals(Map.of("backbone", "resnet18", "lr", 0.5), options);
    }
    assertTrue(
        name.equals("everything.pth")
            || c.values().containsKey("args")
            || c.values().containsKey("hyper_parameters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "everything_protocol4", "everything_legacy"})
  void dataOfEveryHarmlessKindIsReadInEveryProtocol(String name) throws IOException {
    Path file = FILES.resolve("checkpoints").resolve(name + ".pth");
    Map<String, Object> values = WeightsFile.read(file).values();
    assertEquals(1.5, values.get("scalar_f4"));
    assertEquals(-2L, values.get("scalar_i8"));
    assertEquals(2.5, values.get("scalar_big"));
    assertEquals(true, values.get("flag"));
    assertEquals("a/b", values.get("path"));
    assertEquals(List.of("a"), values.get("frozen"));
    assertEquals(Map.of("a", 2L, "b", 1L), values.get("counter"));
    assertEquals(Map.of("a", List.of(1L)), values.get("default"));
    assertEquals(Map.of("a", 1L), values.get("space"));
    assertEquals(Map.of("model", "resnet18"), values.get("easy"));
    assertEquals(BigInteger.ONE.shiftLeft(100), values.get("big"));
    assertEquals("a datetime", values.get("when").toString());
    assertTrue(((String) values.get("version")).startsWith("2.14"));
  }

  @Test
  void aClassMayBeAKeyButNotCalled() throws IOException {
    String name = "pytorch_lightning.callbacks.early_stopping\nEarlyStopping\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    text(out, "}c" + name + "Ns.");
    assertTrue(
        WeightsFile.read(file(out.toByteArray()))
            .values()
            .containsKey("pytorch_lightning.callbacks.early_stopping.EarlyStopping"));
    out.reset();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    text(out, "c" + name + ")R.");
    Path file = file(out.toByteArray());
    assertThrows(WeightsException.class, () -> WeightsFile.read(file));
  }

  @Test
  void aWholeModelIsRefusedWithWhatToDo() {
    Path file = FILES.resolve("checkpoints/whole_model.pth");
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("torch.nn.modules.container.Sequential"), message);
    assertTrue(message.contains("save model.state_dict() with torch.save"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os\nsystem",
        "posix\nsystem",
        "builtins\neval",
        "__builtin__\ngetattr",
        "builtins\nprint",
        "functools\npartial",
        "argparse\nArgumentParser",
        "numpy\nload",
        "torch\nload",
        "pathlib\nPath.unlink"
      })
  void whatCouldRunIsRefusedByName(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    text(out, "c" + name + "\n)R.");
    Path file = file(out.toByteArray());
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("'" + name.replace('\n', '.') + "'"), message);
    assertTrue(message.contains("nothing of it was run"), message);
  }

  /** Copies of one dict, each of which its four bytes in the pickle would make anew. */
  @Test
  void copiesOfDataAreBoundedByTheSizeOfTheFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    text(out, "ccollections\ndefaultdict\nq\0}(");
    for (int i = 0; i < 2000; i++) {
      integer(out, i);
      text(out, "N");
    }
    text(out, "u");
    out.write(0x85);
    text(out, "q\u0001");
    for (int i = 0; i < 10_000; i++) {
      text(out, "h\0h\u0001R0");
    }
    text(out, ".");
    Path file = file(out.toByteArray());
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("more memory than its size allows"), message);
  }

  @Test
  void aWholeTensorIsRead() throws IOException {
    HostTensor t = WeightsFile.read(file(pickle(2, 0, "2", "1"))).tensors().get("w");
    assertEquals(1.5, t.get(0));
    assertEquals(-2, t.get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 2, 1, reaches beyond its storage",
    "2, -1, 2, 1, reaches beyond its storage",
    "2, 0, 2, -1, negative stride",
    "2, 0, -2, 1, negative extent",
    "2, 0, 2147483647, 0, more memory than its size allows",
    "2, 0, 2, 2147483647, reaches beyond its storage",
    "3, 0, 2, 1, has 8 bytes and needs 12",
    "-1, 0, 2, 1, claims -1 elements"
  })
  void aTensorThatDoesNotFitItsStorageIsRefused(
      int elements, int offset, String size, String stride, String why) throws IOException {
    Path file = file(pickle(elements, offset, size, stride));
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void aCompressedEntryIsRefused() throws IOException {
    Path file = folder.resolve("bomb.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      zip.write(new byte[1 << 20]);
    }
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("its entry 'a/data.pkl' is compressed"), message);
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    Path good = file(pickle(2, 0, "2", "1"));
    byte[] bytes = Files.readAllBytes(good);
    int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("a/data/0") + 8;
    bytes[data] ^= 1;
    Path bad = Files.write(folder.resolve("flipped.pth"), bytes);
    String message = assertThrows(WeightsException.class, () -> WeightsFile.read(bad)).getMessage();
    assertTrue(message.contains("checksum"), message);
  }

  @Test
  void entriesThatShareBytesAreRefused() throws IOException {
    Path good = file(pickle(2, 0, "2", "1"));
    byte[] bytes = Files.readAllBytes(good);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int first = text.indexOf("PK\1\2");
    int second = text.indexOf("PK\1\2", first + 1);
    System.arraycopy(bytes, first + 42, bytes, second + 42, 4); // both at the same local header
    Path bad = Files.write(folder.resolve("overlap.pth"), bytes);
    String message = assertThrows(WeightsException.class, () -> WeightsFile.read(bad)).getMessage();
    assertTrue(message.contains("share bytes"), message);
  }

  @Test
  void aPickleOfNothingButContainersIsRefusedInBoundedMemory() throws IOException {
    byte[] lists = new byte[60_000];
    Arrays.fill(lists, (byte) ']');
    Path file = file(lists);
    String message =
        assertThrows(WeightsException.class, () -> WeightsFile.read(file)).getMessage();
    assertTrue(message.contains("more memory than its size allows"), message);
  }

  /** {@code {"w": tensor}} of a float storage with key 0. */
  private static byte[] pickle(int elements, int offset, String size, String stride) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    text(out, "}");
    name(out, "w");
    text(out, "ctorch._utils\n_rebuild_tensor\n((");
    name(out, "storage");
    text(out, "ctorch\nFloatStorage\n");
    name(out, "0");
    name(out, "cpu");
    integer(out, elements);
    text(out, "tQ");
    integer(out, offset);
    integer(out, Integer.parseInt(size));
    out.write(0x85);
    integer(out, Integer.parseInt(stride));
    out.write(0x85);
    text(out, "tRs.");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static void name(ByteArrayOutputStream out, String s) {
    out.write(0x8c);
    out.write(s.length());
    text(out, s);
  }

  private static void integer(ByteArrayOutputStream out, int v) {
    out.write('J');
    out.writeBytes(new byte[] {(byte) v, (byte) (v >> 8), (byte) (v >> 16), (byte) (v >> 24)});
  }

  /** A stored zip of the pickle and the storage 0 with 1.5 and -2. */
  private Path file(byte[] pickle) throws IOException {
    Path file = folder.resolve("made.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setMethod(ZipOutputStream.STORED);
      add(zip, "a/data.pkl", pickle);
      add(zip, "a/data/0", new byte[] {0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, (byte) 0xc0});
    }
    return file;
  }

  private static void add(ZipOutputStream zip, String name, byte[] data) throws IOException {
    ZipEntry e = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(data);
    e.setSize(data.length);
    e.setCompressedSize(data.length);
    e.setCrc(crc.getValue());
    zip.putNextEntry(e);
    zip.write(data);
  }
}
