package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Without a half period the cosine spans the epochs, however many they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CosineDefaultTest {
  private static final String RISES = "rises again after it";

  @TempDir static Path shared;
  private Path data;
  private Path run;

  @BeforeAll
  void trainLongerThanTheHalfPeriodOfTheReference() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 3, 8, "a", "b");
    run = shared.resolve("run");
    assertFalse(train(run, "--data", data, "--epochs", 13).contains(RISES));
  }

  @Test
  void theRateFallsToTheLastEpoch() throws IOException {
    assertFalls(run, 13);
  }

  @Test
  void aConfigJsonWithOtherEpochsSpansThem() throws IOException {
    Path longer = shared.resolve("longer");
    train(longer, "--config", run.resolve("config.json"), "--epochs", 4);
    assertFalls(longer, 4);
  }

  @Test
  void theReferenceKeepsItsTenEpochsAndSaysThatTheRateRises() throws IOException {
    Path reference = shared.resolve("reference");
    String said = train(reference, "--data", data, "--recipe", "reference", "--epochs", 13);
    assertTrue(said.contains("is least in epoch 11 and " + RISES), said);
    List<Double> rates = rates(reference);
    assertEquals(0, rates.get(10), 1e-12);
    assertTrue(rates.get(12) > rates.get(11), rates.toString());
    Path asLong = shared.resolve("as long");
    String nothing = train(asLong, "--data", data, "--t-max", 2, "--epochs", 3);
    assertFalse(nothing.contains(RISES), nothing);
  }

  @Test
  void aRunOfBeforeGoesOnWithTheHalfPeriodInItsRecipe() throws IOException {
    Path old = shared.resolve("old");
    train(old, "--data", data, "--t-max", 2, "--epochs", 5);
    assertTrue(Files.readString(old.resolve("config.json")).contains("\"cosine:t_max=2\""));
    assertEquals(0, CliRun.of("train", "--json", "--resume", old).code());
    assertTrue(rates(old).get(4) > rates(old).get(3), rates(old).toString());
  }

  private static void assertFalls(Path run, int epochs) throws IOException {
    List<Double> rates = rates(run);
    assertEquals(epochs, rates.size());
    for (int i = 1; i < epochs; i++) {
      assertTrue(rates.get(i) < rates.get(i - 1) && rates.get(i) > 0, rates.toString());
    }
    double last = 3e-4 * (1 + Math.cos(Math.PI * (epochs - 1) / epochs)) / 2;
    assertEquals(last, rates.getLast(), 1e-12);
  }

  private static List<Double> rates(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(l -> JsonParser.parseString(l).getAsJsonObject().get("lr").getAsDouble())
        .toList();
  }

  private static String train(Path out, Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--json", "--out", out));
    args.addAll(List.of("--model", "resnet18", "--width", 0.0625, "--image-size", 8));
    args.addAll(List.of("--batch", 4, "--workers", 1, "--threads", 1, "--device", "cpu"));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray()).assertSucceeds().out();
  }
}
