package engine.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileNamesTest {
  /** Bytes, and Python's os.fsdecode of them: escapes beyond ASCII. */
  @ParameterizedTest
  @CsvSource({
    "636166e9, caf\\udce9",
    "6ec3a9, n\\u00e9",
    "eda080, \\udced\\udca0\\udc80",
    "e282, \\udce2\\udc82",
    "e28241, \\udce2\\udc82A",
    "f0908d, \\udcf0\\udc90\\udc8d",
    "c3e9c3a9, \\udcc3\\udce9\\u00e9",
    "ff80fe, \\udcff\\udc80\\udcfe",
    "c0af, \\udcc0\\udcaf",
    "efbfbd, \\ufffd",
    "f09f9880, \\ud83d\\ude00",
    "252f7e, %/~"
  })
  void bytesThatAreNoUtf8AreThoseOfPython(String hex, String python) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String text = FileNames.text(bytes);
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(c -> escaped.append(c < 0x80 ? Character.toString(c) : "\\u%04x".formatted(c)));
    assertEquals(python, escaped.toString());
    assertArrayEquals(bytes, FileNames.bytes(text));
    for (String at : new String[] {"", "/", "../", "a/", "/\udce9/"}) {
      Path path = FileNames.path(at + text);
      assertEquals(at + text, FileNames.text(path));
      assertEquals(at.startsWith("/"), path.isAbsolute());
    }
  }

  @Test
  void everyNameIsItself(@TempDir Path folder) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] name = new byte[1 + random.nextInt(12)];
      for (int k = 0; k < name.length; k++) {
        do {
          name[k] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xc0 + random.nextInt(64));
        } while (name[k] == 0 || name[k] == '/');
      }
      if (name[0] == '.') {
        continue;
      }
      String text = FileNames.text(name);
      assertArrayEquals(name, FileNames.bytes(text), "seed " + seed);
      Path path = FileNames.path(folder + "/" + text);
      assertEquals(folder + "/" + text, FileNames.text(path), "seed " + seed);
      byte[] all = (folder + "/").getBytes(StandardCharsets.UTF_8);
      assertEquals(all.length + name.length, FileNames.bytes(path).length, "seed " + seed);
      if (i < 20 && Files.notExists(path)) {
        Files.writeString(path, text.length() + "");
        assertEquals(text.length() + "", Files.readString(FileNames.path(FileNames.text(path))));
      }
    }
  }
}
