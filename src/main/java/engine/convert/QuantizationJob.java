package engine.convert;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.base.JsonFields;
import engine.base.Setting;
import engine.base.SnakeCase;
import engine.base.UserError;
import engine.recipe.Recipe;
import engine.train.QuantTraining;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What {@code engine quantize} was asked for: {@code quantize.json} of its folder, from which a
 * killed one goes on.
 *
 * @param training whether to train on, too
 * @param weightBits of the int8 models, see {@link engine.backend.Quantizers#weightBits}
 * @param freezing of norms and ranges in training
 * @param seed of the training; the pictures that are held out are drawn with the recipe's
 * @param recipe of the run that made the checkpoint, with what was asked for changed
 */
public record QuantizationJob(
    @JsonFields.Embedded Source source,
    boolean training,
    @JsonFields.Embedded Calibration calibration,
    int weightBits,
    @JsonFields.Embedded QuantTraining.Freezing freezing,
    long seed,
    Recipe recipe) {
  /**
   * The trained model.
   *
   * @param checkpoint its file, by its absolute path
   * @param checkpointCrc CRC-32C of that file, in hexadecimal digits
   */
  public record Source(String checkpoint, String checkpointCrc) {
    /** That file as it is now. */
    public static Source of(Path file) throws IOException {
      return new Source(file.toAbsolutePath().normalize().toString(), crcOf(file));
    }
  }

  /**
   * How ranges are found.
   *
   * @param calibration pictures that are looked at
   * @param percentile of each activation that is kept
   */
  public record Calibration(int calibration, double percentile) {}

  private static final String FILE = "quantize.json";
  private static final String CHECKSUM = "crc32c";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * The folder of the job that a folder belongs to, or null if there is none.
   *
   * @param where such as {@code runs/photos-int8}, or that of a training in it: {@code
   *     runs/photos-int8/qat}
   */
  public static Path folderOf(Path where) {
    if (Files.isRegularFile(where.resolve(FILE))) {
      return where;
    }
    Path above = where.normalize().getParent();
    Path parent = above != null ? above : where.toAbsolutePath().normalize().getParent();
    return parent != null && Files.isRegularFile(parent.resolve(FILE)) ? parent : null;
  }

  /**
   * Reads the job of a folder.
   *
   * @throws UserError if it is damaged
   */
  public static QuantizationJob read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      JsonElement expected = json.remove(CHECKSUM);
      if (expected != null && expected.getAsString().equals(crc(json))) {
        return JsonFields.read(components(json), QuantizationJob.class, Set.of());
      }
    } catch (CharacterCodingException | RuntimeException e) {
      // said below
    }
    throw new UserError(
        file + " is damaged: quantise the checkpoint again, with another " + Setting.OUT);
  }

  /** With the names of the record, which quantisations from before have in their file, too. */
  private static JsonObject components(JsonObject json) {
    JsonObject out = new JsonObject();
    json.entrySet().forEach(e -> out.add(SnakeCase.component(e.getKey()), e.getValue()));
    return out;
  }

  /** Writes it into a folder, from which it can go on from then on. */
  void write(Path folder) throws IOException {
    JsonObject json = SnakeCase.keys(JsonFields.write(this));
    json.addProperty(CHECKSUM, crc(json));
    AtomicFiles.writeString(folder.resolve(FILE), GSON.toJson(json) + "\n");
  }

  /** What its trainings go by: everything moves, and the last weights are the result. */
  Recipe tuning() {
    return recipe
        .with(
            recipe
                .schedule()
                .withPatience(0)
                .withFineTuning(recipe.schedule().fineTuning().withoutFreezing()))
        .with(recipe.augment().withRegularization(recipe.augment().regularization().withoutEma()))
        .with(recipe.compute().withSeed(seed));
  }

  /** The same with some things in another place, or computed elsewhere; null leaves them. */
  public QuantizationJob moved(String checkpointFile, Recipe changed) {
    return new QuantizationJob(
        checkpointFile == null ? source : new Source(checkpointFile, source.checkpointCrc),
        training,
        calibration,
        weightBits,
        freezing,
        seed,
        changed == null ? recipe : changed);
  }

  /** The checksum of a checkpoint file, as a job holds it. */
  public static String crcOf(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n; (n = in.read(buffer)) > 0; ) {
        crc.update(buffer, 0, n);
      }
    }
    return digits(crc);
  }

  private static String crc(JsonObject json) {
    CRC32C crc = new CRC32C();
    crc.update(json.toString().getBytes(StandardCharsets.UTF_8));
    return digits(crc);
  }

  private static String digits(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
