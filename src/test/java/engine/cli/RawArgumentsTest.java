package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names on the command line that are not in the locale's character set. */
final class RawArgumentsTest {
  private static byte[] line(String... words) {
    return (String.join("\0", words) + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void bytesThatJavaHasLostAreThereAgain() {
    String[] lost = {"predict", "caf\ufffd.jpg", "", "a"};
    String[] found =
        RawArguments.restored(lost, line("java", "-jar", "x", "predict", "caf\u00e9.jpg", "", "a"));
    assertEquals(List.of("predict", "caf\udce9.jpg", "", "a"), List.of(found));
  }

  @Test
  void argumentsFromElsewhereAreLeftAsTheyAre() {
    String[] args = {"predict", "caf\ufffd.jpg"};
    assertArrayEquals(args, RawArguments.restored(args, line("java", "x", "@file")));
    assertArrayEquals(args, RawArguments.restored(args, line("x")));
    String[] plain = {"predict", "a.jpg"};
    assertArrayEquals(plain, RawArguments.of(plain));
  }
}
