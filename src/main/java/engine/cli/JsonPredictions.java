package engine.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.train.Predictor;
import engine.train.Vote;
import java.util.List;

/**
 * One JSON object a line.
 *
 * @param top how many classes a record names
 * @param voters how many models made the answers
 */
record JsonPredictions(List<String> classes, int top, int voters) implements PredictionFormat {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  @Override
  public String header() {
    return "";
  }

  @Override
  public String record(Predictor.Answer answer) {
    JsonObject o = new JsonObject();
    o.addProperty("file", answer.file().toString());
    if (answer.failure() != null) {
      o.addProperty("error", answer.failure());
    } else {
      Vote.Verdict v = answer.verdict();
      JsonArray best = new JsonArray();
      for (int i = 0; i < top; i++) {
        JsonObject k = new JsonObject();
        k.addProperty("class", classes.get(v.order()[i]));
        k.addProperty("probability", (float) v.scores()[v.order()[i]]);
        best.add(k);
      }
      o.add("top", best);
      if (voters > 1) {
        o.addProperty("agreement", (float) v.agreement());
      }
    }
    return GSON.toJson(o) + "\n";
  }

  @Override
  public String picture(String record) {
    try {
      JsonObject o = GSON.fromJson(record, JsonObject.class);
      return o == null || !o.has("file") ? null : o.get("file").getAsString();
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      return null;
    }
  }

  @Override
  public boolean quotesLines() {
    return false;
  }
}
