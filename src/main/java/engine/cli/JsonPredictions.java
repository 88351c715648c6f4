package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import engine.base.FileNames;
import engine.console.Json;
import engine.infer.Predictor;
import engine.infer.Vote;
import java.nio.file.Path;
import java.util.List;

/**
 * One JSON object a line. A byte of a file's name that is no UTF-8 is written as half a surrogate
 * pair, {@code \udce9} for E9: {@link FileNames}.
 *
 * @param top how many classes a record names
 * @param voters how many models made the answers
 * @param least probability of a class that is named
 */
record JsonPredictions(List<String> classes, int top, int voters, double least)
    implements PredictionFormat {
  /** Which names all. */
  JsonPredictions(List<String> classes, int top, int voters) {
    this(classes, top, voters, 0);
  }

  @Override
  public String header() {
    return "";
  }

  @Override
  public String beginning() {
    return "{\"file\":\"";
  }

  @Override
  public String name(Path picture) {
    return FileNames.text(picture);
  }

  @Override
  public String record(Predictor.Answer answer) {
    JsonObject o = new JsonObject();
    o.addProperty("file", name(answer.file()));
    if (answer.failure() != null) {
      o.addProperty("error", answer.failure());
    } else {
      Vote.Verdict v = answer.verdict();
      JsonArray best = new JsonArray();
      for (int i = 0; i < top && v.scores()[v.order()[i]] >= least; i++) {
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
    return Json.line(o) + "\n";
  }

  @Override
  public Said said(String record) {
    try {
      JsonObject o = JsonParser.parseString(record).getAsJsonObject();
      String file = o.has("file") ? o.get("file").getAsString() : null;
      return file != null && (o.has("top") || o.has("error"))
          ? new Said(file, o.has("error"))
          : null;
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      return null;
    }
  }

  @Override
  public boolean quotesLines() {
    return false;
  }
}
