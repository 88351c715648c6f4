package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;

/**
 * What answers depend on besides the pictures: with another origin they would be others.
 *
 * @param format {@code csv} or {@code jsonl}
 * @param top how many classes an answer names
 * @param models in the order in which they vote
 * @param vote {@code soft} or {@code hard}
 * @param precision what is computed in
 * @param options other ones that were typed, as they were; empty for none
 */
record AnswerOrigin(
    String format, int top, List<Model> models, String vote, String precision, String options) {
  /** Without other options. */
  AnswerOrigin(String format, int top, List<Model> models, String vote, String precision) {
    this(format, top, models, vote, precision, "");
  }

  /**
   * A checkpoint.
   *
   * @param path as the command named it, for messages
   * @param sha256 of the file that answers, in hexadecimal digits
   * @param weight of its vote
   */
  record Model(String path, String sha256, double weight) {}

  /** How answers of {@code begun} differ from those of this, as part of a sentence; null if not. */
  String difference(AnswerOrigin begun) {
    List<String> hashes = models.stream().map(Model::sha256).toList();
    if (!hashes.equals(begun.models.stream().map(Model::sha256).toList())) {
      return "has answers of %s (%s), not of %s"
          .formatted(
              begun.models.size() > 1 ? "other checkpoints" : "another checkpoint",
              named(begun.models),
              named(models));
    }
    if (models.size() > 1) {
      List<Double> weights = models.stream().map(Model::weight).toList();
      List<Double> others = begun.models.stream().map(Model::weight).toList();
      if (!weights.equals(others)) {
        return "was begun with the weights " + others + " of the votes, not " + weights;
      } else if (!vote.equals(begun.vote)) {
        return begunWith("vote", begun.vote, vote);
      }
    }
    if (top != begun.top) {
      return begunWith("top", begun.top, top);
    } else if (!format.equals(begun.format)) {
      return begunWith("format", begun.format, format);
    }
    if (!precision.equals(begun.precision)) {
      return begunWith("precision", begun.precision, precision);
    }
    return options.equals(begun.options)
        ? null
        : "was begun %s, not %s".formatted(with(begun.options), with(options));
  }

  private static String with(String options) {
    return options.isEmpty() ? "without such options" : "with " + options;
  }

  private static String begunWith(String option, Object begun, Object now) {
    return "was begun with --%s %s, not %s".formatted(option, begun, now);
  }

  private static String named(List<Model> models) {
    return String.join(
        ", ",
        models.stream().map(m -> m.path() + ", SHA-256 " + m.sha256().substring(0, 8)).toList());
  }

  JsonObject json() {
    JsonObject o = new JsonObject();
    o.addProperty("format", format);
    o.addProperty("top", top);
    JsonArray all = new JsonArray();
    for (Model m : models) {
      JsonObject one = new JsonObject();
      one.addProperty("checkpoint", m.path());
      one.addProperty("sha256", m.sha256());
      one.addProperty("weight", m.weight());
      all.add(one);
    }
    o.add("models", all);
    o.addProperty("vote", vote);
    o.addProperty("precision", precision);
    if (!options.isEmpty()) {
      o.addProperty("options", options);
    }
    return o;
  }

  /**
   * What {@link #json} wrote.
   *
   * @return null if the line is something else
   */
  static AnswerOrigin parse(String line) {
    try {
      JsonObject o = JsonParser.parseString(line).getAsJsonObject();
      List<Model> models = new ArrayList<>();
      for (JsonElement e : o.getAsJsonArray("models")) {
        JsonObject m = e.getAsJsonObject();
        models.add(
            new Model(
                m.get("checkpoint").getAsString(),
                m.get("sha256").getAsString(),
                m.get("weight").getAsDouble()));
      }
      boolean whole = !models.isEmpty() && models.stream().allMatch(m -> m.sha256.length() == 64);
      return whole
          ? new AnswerOrigin(
              o.get("format").getAsString(),
              o.get("top").getAsInt(),
              models,
              o.get("vote").getAsString(),
              o.get("precision").getAsString(),
              o.has("options") ? o.get("options").getAsString() : "")
          : null;
    } catch (RuntimeException e) { // all that Gson throws of JSON that is not as expected
      return null;
    }
  }
}
