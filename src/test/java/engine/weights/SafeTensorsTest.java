package engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafeTensorsTest {
  private static final Path FILES = Path.of("src/test/resources/engine/golden/formats");
  private static final Path DTYPES =
      Path.of("src/test/resources/engine/weights/dtypes.safetensors");

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          st_empty_file      | is empty: copy or download it again
          st_short_len       | fewer than a header
          st_header_too_long | claims a header of 1000000000 bytes
          st_header_huge     | claims a header of 9223372036854775813 bytes
          st_bad_json        | not valid JSON
          st_not_utf8        | not UTF-8
          st_size_mismatch   | needs 12 bytes, but its offsets are 0 to 8
          st_past_end        | it was cut short
          st_hole            | leaves a hole before it
          st_overlap         | overlaps the tensor before it
          st_trailing        | need 8 bytes of data, but it has 12
          st_unknown_dtype   | has the type "Q99"
          st_negative_shape  | negative number
          st_reversed        | its offsets are 8 to 0
          st_overflow        | beyond 64 bits
          """)
  void aDamagedFileIsRefusedInOneSentence(String name, String reason) {
    Path file = FILES.resolve("bad_" + name + ".safetensors");
    var e = assertThrows(WeightsException.class, () -> SafeTensors.read(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}}",
        "{'__metadata__':{},'__metadata__':{},'a':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}",
        "{'__metadata__':{'k':1},'a':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
        "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}",
        "{'a':{'dtype':null,'shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}}",
        "{'a':[1,2]}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}{}",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2e0],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F4','shape':[17],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F6_E2M3','shape':[11],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'C64','shape':[2],'data_offsets':[0,8]}}",
        "{'\\ud800':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "\ufeff{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'__metadata__':[],'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "[]",
      })
  void aHeaderThatSaysTwoThingsOrNothingIsRefused(String header) throws IOException {
    Path file = raw(header.replace('\'', '"'), 8);
    var e = assertThrows(WeightsException.class, () -> SafeTensors.read(file));
    assertTrue(e.getMessage().startsWith(file + ": is damaged: "), e.getMessage());
  }

  @Test
  void legalCornerCasesAreAccepted() throws IOException {
    assertEquals(Map.of(), read("ok_st_no_tensors").tensors());
    assertArrayEquals(new float[] {1.5f, -2}, read("ok_st_padded").tensors().get("a").toFloats());
    SafeTensors.Contents unordered = read("ok_st_unordered");
    assertEquals(List.of("b", "a"), List.copyOf(unordered.tensors().keySet()));
    assertArrayEquals(new double[] {1, 2, -3}, unordered.tensors().get("b").toDoubles());
    assertEquals(Map.of("k", "v"), unordered.metadata());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "\n\t {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'__metadata__':null,'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'__metadata__':null}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':[[1]]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}}",
      })
  void whatTheOfficialReaderTakesIsTaken(String header) throws IOException {
    SafeTensors.Contents c = SafeTensors.read(raw(header.replace('\'', '"'), 8));
    assertArrayEquals(new float[2], c.tensors().get("a").toFloats());
    assertEquals(Map.of(), c.metadata());
  }

  @ParameterizedTest
  @CsvSource({
    "F4, 16", "F6_E2M3, 32", "F6_E3M2, 32", "F8_E5M2, 24", "F8_E4M3, 24", "F8_E8M0, 24",
    "F8_E4M3FNUZ, 24", "F8_E5M2FNUZ, 24", "U16, 12", "U32, 6", "U64, 3", "C64, 3"
  })
  void aTensorOfATypeThatIsNotComputedWithIsListedBesideTheOthers(String type, int elements)
      throws IOException {
    int bytes = type.equals("F4") ? 8 : 24; // F4 has two in a byte, F6 four in three
    String header =
        "{'x':{'dtype':'%s','shape':[%d],'data_offsets':[8,%d]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"
            .formatted(type, elements, 8 + bytes);
    SafeTensors.Contents c = SafeTensors.read(raw(header.replace('\'', '"'), 8 + bytes));
    assertEquals(Set.of("a"), c.tensors().keySet());
    assertEquals(
        Map.of("x", new SafeTensors.OtherTensor(type, Shape.of(elements), bytes)), c.others());
  }

  @Test
  void tensorsNeedNoAlignment() throws IOException {
    String header =
        "{'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'F64','shape':[],'data_offsets':[3,11]}}";
    Path file = raw(header.replace('\'', '"'), 11);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(bytes.length - 8, 1.5);
    Files.write(file, bytes);
    assertEquals(1.5, SafeTensors.read(file).tensors().get("b").item());
  }

  @Test
  void depthIsBounded() throws IOException {
    for (int deep : new int[] {200, 1_000_000}) {
      String header =
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":%s}}"
              .formatted("[".repeat(deep) + "]".repeat(deep));
      Path file = raw(header, 8);
      assertThrows(WeightsException.class, () -> SafeTensors.read(file));
    }
  }

  @Test
  void everyTypeAndNameSurvivesARoundTrip() throws IOException {
    SafeTensors.Contents first = SafeTensors.read(DTYPES);
    Path copy = temp.resolve("copy.safetensors");
    SafeTensors.write(copy, first.tensors(), first.metadata());
    SafeTensors.Contents second = SafeTensors.read(copy);
    assertEquals(first.metadata(), second.metadata());
    assertEquals(List.copyOf(first.tensors().keySet()), List.copyOf(second.tensors().keySet()));
    first
        .tensors()
        .forEach(
            (name, t) -> {
              HostTensor u = second.tensors().get(name);
              assertEquals(t.dtype(), u.dtype(), name);
              assertEquals(t.shape(), u.shape(), name);
              assertEquals(-1, t.data().mismatch(u.data()), name);
            });
  }

  @Test
  void writtenTensorsAreAlignedToTheirType() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("bytes", HostTensor.of(new byte[] {1, 2, 3}, 3));
    tensors.put("floats", HostTensor.of(new float[] {1, 2, 3}, 3));
    tensors.put("count", HostTensor.of(new long[] {7}));
    Path file = temp.resolve("aligned.safetensors");
    SafeTensors.write(file, tensors, Map.of());
    byte[] all = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
    String json = new String(all, 8, (int) header, StandardCharsets.UTF_8);
    assertEquals(
        """
        {"bytes":{"dtype":"U8","shape":[3],"data_offsets":[20,23]},\
        "floats":{"dtype":"F32","shape":[3],"data_offsets":[8,20]},\
        "count":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""",
        json.strip());
    assertEquals(7, SafeTensors.read(file).tensors().get("count").item());
  }

  @Test
  void aLargeFileIsMappedAndOutlivesItsReplacement() throws IOException {
    HostTensor big = HostTensor.zeros(DType.F32, Shape.of(700, 701));
    big.data().fill((byte) 0x3f);
    Path file = temp.resolve("big.safetensors");
    SafeTensors.write(file, Map.of("w", big), Map.of());
    HostTensor mapped = SafeTensors.read(file).tensors().get("w");
    assertTrue(mapped.data().isMapped());
    SafeTensors.write(file, Map.of(), Map.of());
    assertEquals(-1, big.data().mismatch(mapped.data()));
  }

  @Test
  void everyFlippedByteOfAFileWithAChecksumIsNoticed() throws IOException {
    Map<String, HostTensor> tensors =
        Map.of(
            "weight", HostTensor.of(new float[] {1, 2, 3}, 3), "n", HostTensor.of(new long[] {7}));
    Map<String, String> metadata = Map.of("classes", "[\"a\",\"b\"]");
    Path file = temp.resolve("checked.safetensors");
    SafeTensors.write(file, tensors, metadata);
    assertEquals(metadata, SafeTensors.read(file).metadata(), "the checksum itself is not shown");
    byte[] good = Files.readAllBytes(file);
    String text = new String(good, StandardCharsets.ISO_8859_1);
    int name = text.indexOf("engine.crc32c");
    for (int i = 0; i < good.length; i++) {
      if (i >= name && i < name + "engine.crc32c".length()) {
        continue; // under another name it is metadata like any other, and nothing else is lost
      }
      byte[] flipped = good.clone();
      flipped[i] ^= 2;
      Files.write(file, flipped);
      assertThrows(WeightsException.class, () -> SafeTensors.read(file), "byte " + i);
    }
  }

  @Test
  void aMissingFileAndAFolderAreNamed() {
    var missing =
        assertThrows(WeightsException.class, () -> SafeTensors.read(temp.resolve("none")));
    assertTrue(missing.getMessage().endsWith("none: there is no such file"));
    var folder = assertThrows(WeightsException.class, () -> SafeTensors.read(temp));
    assertTrue(folder.getMessage().contains("is a folder"));
  }

  @Test
  void theNameOfTheMetadataIsNoTensorName() {
    Map<String, HostTensor> tensors = Map.of("__metadata__", HostTensor.of(new long[] {1}, 1));
    assertThrows(
        WeightsException.class,
        () -> SafeTensors.write(temp.resolve("x.safetensors"), tensors, Map.of()));
  }

  private static SafeTensors.Contents read(String name) throws IOException {
    return SafeTensors.read(FILES.resolve(name + ".safetensors"));
  }

  private Path raw(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json);
    return Files.write(temp.resolve("raw.safetensors"), all.array());
  }

  @Test
  void aHeaderWhoseLengthLooksLikeAPickleIsRead() throws IOException {
    Path folder = Files.createTempDirectory("lengths");
    for (int protocol = 2; protocol <= 5; protocol++) {
      int length = protocol << 8 | 0x80;
      String json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
      java.nio.ByteBuffer bytes =
          java.nio.ByteBuffer.allocate(8 + length + 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(length).put((json + " ".repeat(length - json.length())).getBytes());
      bytes.putFloat(protocol);
      Path file = Files.write(folder.resolve(protocol + ".safetensors"), bytes.array());
      assertEquals(
          protocol, SafeTensors.read(file).tensors().get("a").toFloats()[0], "header " + length);
      assertEquals(WeightsFile.Format.SAFETENSORS, WeightsFile.read(file).format());
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
