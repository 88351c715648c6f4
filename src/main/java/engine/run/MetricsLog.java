package engine.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import engine.base.JsonText;
import engine.base.UserError;
import engine.console.Json;
import engine.report.EpochMetrics;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code metrics.jsonl}: one JSON object a line, one line an epoch, on disk when {@link #append}
 * returns. A figure that is NaN or infinite is written as {@code null}: JSON has no such numbers.
 */
public final class MetricsLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Starts {@code file} afresh. */
  public static MetricsLog create(Path file) throws IOException {
    return open(file, List.of());
  }

  /**
   * Goes on after {@code lastEpoch}: lines of later epochs, and a line that a killed run left half
   * written, are dropped. A missing file is an empty one.
   */
  public static MetricsLog resume(Path file, int lastEpoch) throws IOException {
    List<EpochMetrics> kept = new ArrayList<>();
    if (Files.exists(file)) {
      read(file).stream().filter(e -> e.epoch() <= lastEpoch).forEach(kept::add);
    }
    return open(file, kept);
  }

  /** Adds an epoch; it survives a crash of the machine from here on. */
  public void append(EpochMetrics e) throws IOException {
    try {
      String line = Json.line(toJson(e)) + "\n";
      AtomicFiles.writeFully(channel, StandardCharsets.UTF_8.encode(line));
      channel.force(true);
    } catch (IOException x) {
      throw AtomicFiles.explained(file, x);
    }
  }

  /**
   * The epochs in {@code file}, oldest first. A last line without its end is left out.
   *
   * @throws UserError if another line is no epoch, which names the line
   */
  public static List<EpochMetrics> read(Path file) throws IOException {
    String text = JsonText.read(file);
    List<EpochMetrics> out = new ArrayList<>();
    int number = 0;
    for (int from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1) {
      number++;
      String line = text.substring(from, to).strip();
      if (line.isEmpty()) {
        continue;
      }
      try {
        out.add(fromJson(JsonText.object(line)));
      } catch (JsonParseException e) {
        throw new UserError(
            "line %d of %s is no epoch (%s); mend or delete the line"
                .formatted(number, file, e.getMessage()),
            e);
      }
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /** An epoch as its line has it. */
  public static JsonObject toJson(EpochMetrics e) {
    JsonObject json = new JsonObject();
    json.addProperty("epoch", e.epoch());
    json.addProperty("train_loss", e.trainLoss());
    json.addProperty("val_loss", e.valLoss());
    json.addProperty("val_accuracy", e.valAccuracy());
    json.addProperty("lr", e.lr());
    json.addProperty("images_s", e.imagesPerSecond());
    json.addProperty("seconds", e.seconds());
    e.extra().forEach((name, value) -> json.addProperty(name, value));
    return json;
  }

  private static EpochMetrics fromJson(JsonObject json) {
    if (!json.has("epoch")) {
      throw new JsonParseException("it has no \"epoch\"");
    }
    Map<String, Double> rest = new LinkedHashMap<>();
    json.entrySet().forEach(e -> rest.put(today(e.getKey()), number(e.getKey(), e.getValue())));
    return new EpochMetrics(
        rest.remove("epoch").intValue(),
        take(rest, "train_loss"),
        take(rest, "val_loss"),
        take(rest, "val_accuracy"),
        take(rest, "lr"),
        take(rest, "images_s"),
        take(rest, "seconds"),
        rest);
  }

  /** Runs from before have another name for what scikit-learn calls {@code f1_macro}. */
  private static String today(String key) {
    return key.equals("val_macro_f1") ? "val_f1_macro" : key;
  }

  private static double take(Map<String, Double> from, String name) {
    Double value = from.remove(name);
    return value == null ? Double.NaN : value;
  }

  private static double number(String key, JsonElement e) {
    if (e.isJsonNull()) {
      return Double.NaN;
    }
    if (e instanceof JsonPrimitive p && p.isNumber()) {
      return p.getAsDouble();
    }
    throw new JsonParseException("its '" + key + "' is no number");
  }

  /** Writes what is kept beside the file and moves it into place, so that no epoch can be lost. */
  private static MetricsLog open(Path file, List<EpochMetrics> kept) throws IOException {
    StringBuilder text = new StringBuilder();
    kept.forEach(e -> text.append(Json.line(toJson(e))).append('\n'));
    AtomicFiles.writeString(file, text.toString());
    return new MetricsLog(
        file,
        FileChannel.open(
            file, StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS));
  }
}
