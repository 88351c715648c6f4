package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.base.SnakeCase;
import engine.base.UserError;
import engine.infer.LoadedModel;
import engine.recipe.JsonSeal;
import engine.recipe.Recipe;
import engine.run.Checkpoint;
import engine.run.RunFolder;
import engine.run.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose files were damaged, edited or exchanged goes on as it began, or says why not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FlippedRunTest {
  @TempDir static Path shared;
  private Recipe recipe;
  private Path whole;
  private Path other;
  private Path run;

  /** Interrupted in the third epoch; with a scaler and an average, so that every file is there. */
  @BeforeAll
  void train() throws IOException {
    Path data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b");
    String[] pieces = {
      "regularization={policy:'none',erasing:0,mixup:0,cutmix:0,mixOffEpoch:0,ema:0.9}",
      "lossScale={lossScale:'dynamic',lossScaleInit:1024,lossScaleGrowth:2,lossScaleBackoff:0.5,lossScaleInterval:2}"
    };
    recipe = TinyRun.recipe(data, pieces[0], pieces[1]);
    whole = shared.resolve("whole");
    TinyRun.run(recipe, whole, false, 0, 7);
    other = shared.resolve("other");
    String another = pieces[1].replace("1024", "512");
    TinyRun.run(TinyRun.recipe(data, pieces[0], another, "lr=2e-3"), other, false, 0, 7);
  }

  @BeforeEach
  void copy() throws IOException {
    run = TinyRun.copy(whole, Files.createTempDirectory(shared, "run").resolve("run"));
  }

  @Test
  void noFlippedBitOfConfigJsonMakesAnotherRecipe() throws IOException {
    Path config = run.resolve("config.json");
    byte[] good = Files.readAllBytes(config);
    String expected = Recipe.read(config).toJson();
    int accepted = 0;
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      Files.write(config, flipped);
      try {
        assertEquals(expected, Recipe.read(config).toJson(), "bit " + i);
        accepted++;
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith(config.toString()), e.getMessage());
      }
    }
    assertTrue(accepted < good.length, accepted + " flips of white space are accepted");
  }

  @Test
  void noFlippedBitOfStateJsonMakesAnotherState() throws IOException {
    Path state = new RunFolder(run).last().resolve("state.json");
    byte[] good = Files.readAllBytes(state);
    JsonObject expected = TrainingState.parse(Files.readString(state), "");
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      Files.write(state, flipped);
      try {
        assertEquals(expected, TrainingState.parse(Files.readString(state), ""), "bit " + i);
      } catch (UserError | java.nio.charset.CharacterCodingException e) {
        // refused
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "best"})
  void noFlippedBitOfAPointerLosesTheRun(String name) throws IOException {
    RunFolder folder = new RunFolder(run);
    Path pointer = run.resolve(name);
    byte[] good = Files.readAllBytes(pointer);
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] flipped = good.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      Files.write(pointer, flipped);
      try {
        Path from = folder.resumable(_ -> {});
        assertTrue(Checkpoint.isWhole(from), "bit " + i + ": " + from);
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith(pointer + " does not name a checkpoint"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model.safetensors",
    "optimizer.safetensors",
    "ema.safetensors",
    "scaler.safetensors",
  })
  void aFileOfAnotherEpochOrRunIsRefusedByItsName(String name) throws IOException {
    Path last = new RunFolder(run).last();
    for (Path from : List.of(new RunFolder(run).best(), new RunFolder(other).last())) {
      Path at = last.resolve(name);
      byte[] own = Files.readAllBytes(at);
      Files.copy(from.resolve(name), at, StandardCopyOption.REPLACE_EXISTING);
      String said = refused();
      assertTrue(said.contains(at + " is not the file that this checkpoint was saved with"), said);
      Files.write(at, own);
    }
    TinyRun.resume(recipe, run);
  }

  @Test
  void anotherModelInACheckpointDoesNotAnswer() throws IOException {
    Path last = new RunFolder(run).last();
    Files.copy(
        new RunFolder(other).last().resolve("ema.safetensors"),
        last.resolve("ema.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    UserError e = assertThrows(UserError.class, () -> LoadedModel.find(last));
    assertTrue(e.getMessage().contains("ema.safetensors is not the file that"), e.getMessage());
    Path file = last.resolve("ema.safetensors");
    assertEquals(file, LoadedModel.find(file), "a file by its own name is taken as it is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"optimizer.safetensors", "ema.safetensors", "scaler.safetensors"})
  void aMissingFileIsNamed(String name) throws IOException {
    Path at = new RunFolder(run).last().resolve(name);
    Files.delete(at);
    assertTrue(refused().contains(at + " is missing"));
  }

  @Test
  void aFileTooManyIsRefused() throws IOException {
    Path last = new RunFolder(run).last();
    Path more = last.resolve("momentum.safetensors");
    Files.copy(last.resolve("model.safetensors"), more);
    assertTrue(refused().contains(more + " is not of this checkpoint"));
  }

  @Test
  void anEditedRecipeIsRefusedUntilItsChecksumIsTakenOut() throws IOException {
    Path config = run.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"dropout\": 0.3", "\"dropout\": 0.0"));
    UserError e = assertThrows(UserError.class, () -> Recipe.read(config));
    assertEquals(
        config
            + " has changed since the run wrote it: put it back, or delete its line \"crc32c\" to use it as it is now; a new run takes it with --config",
        e.getMessage());
    JsonObject bare = JsonParser.parseString(text).getAsJsonObject();
    bare.remove("crc32c");
    bare.addProperty("dropout", 0.0);
    Files.writeString(config, bare.toString());
    assertEquals(0, Recipe.read(config).model().dropout());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dropout | droput | it has the key 'droput', which no recipe has",
        "dropout | | the key 'dropout' is missing",
        "lr | | the key 'lr' is missing",
        "regularization.ema | | the key 'regularization.ema' is missing",
        "loss_scale.loss_scale_init | loss_scale_inti | it has the key 'loss_scale.loss_scale_inti'"
      })
  void aKeyTooManyOrTooFewIsNamed(String key, String instead, String said) throws IOException {
    JsonObject json = JsonParser.parseString(recipe.toJson()).getAsJsonObject();
    json.remove("crc32c");
    String[] parts = key.split("\\.");
    JsonObject in = parts.length == 1 ? json : json.getAsJsonObject(parts[0]);
    var value = in.remove(parts[parts.length - 1]);
    if (instead != null) {
      in.add(instead, value);
    }
    Path config = Files.writeString(run.resolve("config.json"), json.toString());
    UserError e = assertThrows(UserError.class, () -> Recipe.read(config));
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }

  @Test
  void aNumberThatIsNoneOfItsKindIsNamed() throws IOException {
    for (String[] c :
        new String[][] {{"epochs", "3.7"}, {"dropout", "\"0.1\""}, {"batch", "1e2"}}) {
      JsonObject json = JsonParser.parseString(recipe.toJson()).getAsJsonObject();
      json.remove("crc32c");
      json.add(c[0], JsonParser.parseString(c[1]));
      Path config = Files.writeString(run.resolve("config.json"), json.toString());
      try {
        assertEquals(100, Recipe.read(config).schedule().batch(), c[0]);
      } catch (UserError e) {
        assertTrue(e.getMessage().contains("'" + c[0] + "' cannot be " + c[1]), e.getMessage());
      }
    }
  }

  /**
   * No checksum in config.json, no list of files in state.json, no newer parts of a recipe, and
   * imageSize for image_size.
   */
  @Test
  void aRunOfAnEarlierVersionGoesOn() throws IOException {
    JsonObject config = camelCase(JsonParser.parseString(recipe.toJson()).getAsJsonObject());
    assertTrue(config.has("imageSize"), config::toString);
    for (String newer : List.of("crc32c", "attention", "evalSize", "cacheImages")) {
      config.remove(newer);
    }
    Files.writeString(run.resolve("config.json"), config.toString());
    assertEquals(recipe, Recipe.read(run.resolve("config.json")));
    Path state = new RunFolder(run).last().resolve("state.json");
    JsonObject json = camelCase(JsonParser.parseString(Files.readString(state)).getAsJsonObject());
    assertTrue(json.has("bestAccuracy"), json::toString);
    json.remove("crc32c");
    json.remove("files");
    Files.writeString(state, JsonSeal.put(json).toString());
    TinyRun.resume(recipe, run);
    TinyRun.resume(recipe, whole);
    ResumeTest.assertSame(whole, run);
  }

  private static JsonObject camelCase(JsonObject json) {
    JsonObject out = new JsonObject();
    json.entrySet()
        .forEach(
            e ->
                out.add(
                    SnakeCase.component(e.getKey()),
                    e.getValue() instanceof JsonObject o ? camelCase(o) : e.getValue()));
    return out;
  }

  private String refused() {
    UserError e = assertThrows(UserError.class, () -> TinyRun.resume(recipe, run));
    if (e.getMessage().lines().count() != 1) {
      fail(e.getMessage());
    }
    return e.getMessage();
  }
}
