package engine.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a recipe is in a file, and what it is in memory. */
final class RecipeTest {
  @TempDir private Path folder;

  /** As versions before this one made it of one flat record. */
  private static String file() throws IOException {
    try (InputStream in = RecipeTest.class.getResourceAsStream("config.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Recipe read(String text) throws IOException {
    return Recipe.read(Files.writeString(folder.resolve("config.json"), text));
  }

  private static Recipe typed() {
    return new Recipe(
        DataSettings.of("/pictures").withLimits(7, 0),
        new ModelSettings("resnet18", 0.0625, "standard", "none", 0.3, false, "/w.pth"),
        new OptimSettings("adamw", 1e-3, 0.9, 0.01, false, List.of("40:0.1"), 0),
        ScheduleSettings.of(3, 8)
            .withScheduler("cosine:t_max=10")
            .withFineTuning(new FineTuning("layer2", 1, "all", 0.5)),
        new AugmentSettings(
            8, 16, "crop", 0.2, new Regularization("randaugment:2,9", 0.25, 0.2, 1, 2, 0.9)),
        new LossSettings(
            0.1,
            "uniform",
            new Balance("1,2.5", "balanced"),
            new LossScale("dynamic", 1024, 2, 0.5, 100)),
        ComputeSettings.on("cpu", 2, 1));
  }

  @Test
  void aFileOfAnEarlierVersionIsRead() throws IOException {
    assertEquals(typed(), read(file()));
  }

  @Test
  void itsKeysAreThoseOfTheOptionsInSnakeCase() throws IOException {
    String text = typed().toJson();
    assertEquals(typed(), read(text));
    String keys =
        file()
            .replaceAll(",\\s*\"crc32c\".*", "")
            .replaceAll("(?<=[a-z])([A-Z])(?=[A-Za-z]*\":)", "_$1");
    String expected = keys.toLowerCase(Locale.ROOT);
    assertEquals(expected.strip(), text.replaceAll(",\\s*\"crc32c\".*", "").strip());
  }

  @Test
  void aKeyInTwoSpellingsIsRefused() throws IOException {
    String text = file().replace("\"width\":", "\"image_size\": 9,\n  \"width\":");
    UserError e = assertThrows(UserError.class, () -> read(text));
    assertTrue(e.getMessage().contains("it has 'image_size' in two spellings"), e.getMessage());
  }

  @Test
  void aWitherChangesOneThing() throws IOException {
    Recipe r = typed();
    assertEquals(r, r.with(r.schedule().withBatch(9)).with(r.schedule().withBatch(8)));
    JsonObject before = JsonParser.parseString(r.toJson()).getAsJsonObject();
    JsonObject after =
        JsonParser.parseString(r.with(r.compute().withSeed(5)).toJson()).getAsJsonObject();
    before.addProperty("seed", 5);
    before.remove(JsonSeal.KEY);
    after.remove(JsonSeal.KEY);
    assertEquals(before, after);
  }

  @Test
  void whatIsWrongWithTheWholeIsFoundInAWither() {
    Recipe r = typed();
    UserError e =
        assertThrows(UserError.class, () -> r.with(r.schedule().withScheduler("cosine:tmax=3")));
    assertTrue(e.getMessage().contains("no setting tmax"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"no_decay_norm_bias\": false | \"no_decay_norm_bias\": \"yes\" | its 'no_decay_norm_bias' cannot be \"yes\"",
        "\"stem\": \"standard\" | \"stem\": 3 | --stem must be one of standard, small, not '3'",
        "\"mixup\": 0.2 | \"mixup\": \"0.2\" | its 'mixup' cannot be \"0.2\"",
        "\"device\": \"cpu\" | \"device\": 0 | its 'device' cannot be 0",
        "\"mixup\": 0.2 | \"mixup\": 0.2, \"mixop\": 1 | it has the key 'regularization.mixop', which no recipe has",
        "\"mixup\": 0.2, | ' ' | the key 'regularization.mixup' is missing"
      })
  void whatGsonWouldPassOverIsRefused(String was, String is, String said) throws IOException {
    String text = typed().toJson().replace(was, is).replaceAll(",\\s*\"crc32c\".*", "");
    UserError e = assertThrows(UserError.class, () -> read(text));
    assertTrue(e.getMessage().contains("is damaged (" + said), e.getMessage());
  }
}
