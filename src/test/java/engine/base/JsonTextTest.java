package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {
  @Test
  void numbersKeepTheirDigits() {
    String text = "{\"a\":1.0E-5,\"b\":[0.10,9007199254740993],\"c\":null,\"d\":{\"e\":true}}";
    assertEquals(text, JsonText.object(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":1}{}",
        "{\"a\":1} // remark",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "[1]",
        "1",
        "\"{}\"",
      })
  void whatIsNotOneStrictObjectIsRefused(String text) {
    String message =
        assertThrows(JsonParseException.class, () -> JsonText.object(text)).getMessage();
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void depthAndDigitsAreBounded() {
    JsonText.parse("[".repeat(60) + "]".repeat(60));
    for (int deep : new int[] {70, 1000, 1_000_000}) {
      for (String open : new String[] {"[", "{\"a\":"}) {
        String text = open.repeat(deep);
        String message =
            assertThrows(JsonParseException.class, () -> JsonText.parse(text)).getMessage();
        assertTrue(message.contains("deeper than 64"), message);
      }
    }
    assertThrows(JsonParseException.class, () -> JsonText.parse("9".repeat(200)));
  }

  @Test
  void aFileThatIsNoTextIsNamed(@TempDir Path temp) throws IOException {
    Path file = Files.write(temp.resolve("state.json"), new byte[] {'{', (byte) 0xff, '}'});
    String message = assertThrows(UserError.class, () -> JsonText.read(file)).getMessage();
    assertTrue(message.contains("state.json is damaged"), message);
  }
}
