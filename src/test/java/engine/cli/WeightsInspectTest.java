package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightsInspectTest {
  @TempDir Path temp;

  @Test
  void namesAndMetadataOfAStrangerDoNothingToTheTerminal() throws IOException {
    Path file = temp.resolve("x.safetensors");
    SafeTensors.write(
        file,
        Map.of("a\u001b[2Jb\n\u0007", HostTensor.of(new float[2], 2)),
        Map.of("k\u001b]0;title\u0007", "v\u001b[31m\r\u009b5m"));
    CliRun run = CliRun.of("weights", "inspect", file.toString());
    assertEquals(0, run.code(), run.err());
    String printed = run.out() + run.err();
    assertTrue(printed.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)), printed);
    assertTrue(printed.contains("v?[31m"), printed);
  }

  @Test
  void tensorsThatAreNotComputedWithAreListedToo() throws IOException {
    byte[] header =
        "{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}"
            .getBytes(StandardCharsets.UTF_8);
    Path file = temp.resolve("f8.safetensors");
    Files.write(
        file,
        ByteBuffer.allocate(10 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
    CliRun run = CliRun.of("weights", "inspect", file.toString(), "--json");
    assertEquals(
        "{\"tensor\":\"x\",\"type\":\"F8_E4M3\",\"shape\":[2]}", run.out().strip(), run.err());
    run = CliRun.of("weights", "inspect", file.toString());
    assertTrue(run.out().contains("safetensors: 1 tensor, 2 bytes"), run.out());
    assertTrue(run.out().contains("1 of them of types that are listed only"), run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict --checkpoint F F", "eval --checkpoint F", "weights inspect F"})
  void aFileOfAnotherKindIsNamedByEveryCommand(String command) throws IOException {
    Path file = Files.writeString(temp.resolve("model.pth"), "<!doctype html><title>404</title>");
    CliRun run = CliRun.of((Object[]) command.replace("F", file.toString()).split(" "));
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("model.pth: is a web page"), run.err());
  }
}
