package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other kinds are named as what they are, wherever weights or a checkpoint are wanted. */
final class FileKindTest {
  @TempDir Path temp;

  private void named(Path file, String what) {
    for (boolean checkpoint : new boolean[] {false, true}) {
      WeightsException e =
          assertThrows(
              WeightsException.class,
              () -> {
                if (checkpoint) {
                  SafeTensors.read(file);
                } else {
                  WeightsFile.read(file);
                }
              });
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      assertTrue(e.getMessage().contains(what), e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(temp.resolve("model.pth"), bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version https://git-lfs.github.com/spec/v1\\noid sha256:4d7a | a Git LFS pointer
          \\n\\n<!DOCTYPE html>\\n<html><head>                        | a web page
          <html lang="en">                                          | a web page
          <?xml version="1.0"?><Error><Code>AccessDenied</Code>     | XML
          {"metadata":{},"weight_map":{"a":"b.safetensors"}}        | split into several files
          {"architectures":["ResNet"]}                              | JSON text
          (dp0\\nS'a'\\np1\\nI1\\ns.                                | text
          lr: 0.1\\nepochs: 3\\n                                    | text
          """)
  void text(String begins, String what) throws IOException {
    named(file(begins.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8)), what);
  }

  @ParameterizedTest
  @CsvSource({
    "1f8b08000000000000, gunzip",
    "28b52ffd0000000000, zstd",
    "fd377a585a000000, xz",
    "425a6839314159265359, bzip2",
    "377abcaf271c0004, 7-Zip",
    "894844460d0a1a0a00, HDF5",
    "4747554603000000, GGUF",
    "1c00000054464c3300, TensorFlow Lite",
    "934e554d50590100, numpy",
    "0807120770797463, ONNX",
    "080a3a2e0a0d0a01, ONNX",
    "08011280010a7f12, SavedModel",
    "ffd8ffe000104a46, JPEG",
    "8004950000000000, pickle",
    "80027d7100580100, pickle",
    "0000000000000000000000000000, nothing but zeros",
    "'', is empty"
  })
  void binary(String hex, String what) throws IOException {
    byte[] head = HexFormat.of().parseHex(hex);
    byte[] bytes = new byte[hex.isEmpty() ? 0 : 600];
    System.arraycopy(head, 0, bytes, 0, head.length);
    if (hex.startsWith("8002")) {
      System.arraycopy("\u0080\u0002}.".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, 4);
    }
    if (hex.startsWith("8004")) {
      System.arraycopy("\u0080\u0004}.".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, 4);
    }
    named(file(bytes), what);
  }

  @Test
  void tarArchives() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("model.pth".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 9);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    named(file(tar), "a tar archive");
  }

  @ParameterizedTest
  @CsvSource({
    "a/code/__torch__.py a/data.pkl, TorchScript program",
    "x.npy y.npy, numpy arrays",
    "config.json model.weights.h5, Keras",
    "m/archive_format m/models/model.json, torch.export",
    "best.safetensors, 'best.safetensors'",
    "readme.txt, without the data.pkl",
  })
  void zipArchives(String names, String what) throws IOException {
    for (int method : new int[] {ZipOutputStream.STORED, ZipOutputStream.DEFLATED}) {
      Path file = temp.resolve("x.pt");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.setMethod(method);
        for (String name : names.split(" ")) {
          ZipEntry e = new ZipEntry(name);
          byte[] data = new byte[100];
          CRC32 crc = new CRC32();
          crc.update(data);
          e.setSize(100);
          e.setCrc(crc.getValue());
          zip.putNextEntry(e);
          zip.write(data);
        }
      }
      boolean unknown = names.startsWith("readme") && method == ZipOutputStream.DEFLATED;
      named(file, unknown ? "packed again by another program" : what);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 50, 200})
  void unfinishedDownloadsOfSafetensors(int bytes) throws IOException {
    byte[] whole =
        Files.readAllBytes(Path.of("src/test/resources/engine/weights/dtypes.safetensors"));
    named(file(java.util.Arrays.copyOf(whole, bytes)), "copy or download it again");
  }

  @Test
  void weightsOfPyTorchAreNoCheckpointButAStart() {
    Path file = Path.of("src/test/resources/engine/weights/dtypes_zip.pth");
    var e = assertThrows(WeightsException.class, () -> SafeTensors.read(file));
    assertTrue(e.getMessage().contains("engine train --weights"), e.getMessage());
  }

  @Test
  void aPipeDoesNotKeepAnybodyWaiting() throws Exception {
    Path pipe = temp.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTimeout(Duration.ofSeconds(5), () -> named(pipe, "is a pipe or a device"));
  }
}
