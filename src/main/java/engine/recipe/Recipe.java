package engine.recipe;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.JsonAdapter;
import engine.base.JsonText;
import engine.base.Setting;
import engine.base.UserError;
import engine.optim.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Everything that decides a run; {@code config.json} is this record, and the same recipe on the
 * same device with the same number of threads gives the same bits.
 *
 * <p>A new setting is a component of one of the seven records, a line of {@link RecipeJson}, and an
 * option of {@code cli}.
 *
 * @param data which pictures
 * @param model which network, from which weights
 * @param optim how weights move
 * @param schedule how long, in which steps
 * @param augment what happens to pictures
 * @param loss what is made small
 * @param compute precision, seed, device
 */
@JsonAdapter(RecipeJson.class)
public record Recipe(
    DataSettings data,
    ModelSettings model,
    OptimSettings optim,
    ScheduleSettings schedule,
    AugmentSettings augment,
    LossSettings loss,
    ComputeSettings compute) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public Recipe {
    // What a schedule may be is known before how many steps the run has: enough of them to begin
    // with.
    Schedules.parse(
        schedule.scheduler(), optim.lr(), schedule.perStep() ? Integer.MAX_VALUE : schedule.span());
  }

  public Recipe with(DataSettings other) {
    return new Recipe(other, model, optim, schedule, augment, loss, compute);
  }

  public Recipe with(ModelSettings other) {
    return new Recipe(data, other, optim, schedule, augment, loss, compute);
  }

  public Recipe with(OptimSettings other) {
    return new Recipe(data, model, other, schedule, augment, loss, compute);
  }

  public Recipe with(ScheduleSettings other) {
    return new Recipe(data, model, optim, other, augment, loss, compute);
  }

  public Recipe with(AugmentSettings other) {
    return new Recipe(data, model, optim, schedule, other, loss, compute);
  }

  public Recipe with(LossSettings other) {
    return new Recipe(data, model, optim, schedule, augment, other, compute);
  }

  public Recipe with(ComputeSettings other) {
    return new Recipe(data, model, optim, schedule, augment, loss, other);
  }

  /** The same with the data in another place. */
  public Recipe withData(String source) {
    return with(data.withSource(source));
  }

  /**
   * The recipe for a file that may be given away, as JSON: of the data and the weights it tells the
   * last part of the name, not the folders of one machine.
   */
  public String toPublicJson() {
    JsonObject json = GSON.toJsonTree(this).getAsJsonObject();
    json.addProperty("data", data.name());
    if (data.exclude() != null) {
      json.addProperty("exclude", DataSettings.lastPart(data.exclude()));
    }
    if (model.weights() != null) {
      json.addProperty("weights", DataSettings.lastPart(model.weights()));
    }
    return GSON.toJson(json);
  }

  /** As a {@code config.json}, with a checksum at its end. */
  public String toJson() {
    return GSON.toJson(JsonSeal.put(GSON.toJsonTree(this).getAsJsonObject())) + "\n";
  }

  /**
   * Reads a {@code config.json}. One without a checksum, of an earlier version or with that line
   * taken out, is taken as it is.
   *
   * @throws UserError if the file is no recipe, has a key too many or too few, or is not as it was
   *     written
   */
  public static Recipe read(Path config) throws IOException {
    JsonObject json = object(config);
    Boolean asWritten = JsonSeal.takeAndCheck(json);
    try {
      RecipeJson.requireKeys(json);
    } catch (UserError e) {
      throw damaged(config, e.getMessage(), e);
    }
    if (Boolean.FALSE.equals(asWritten)) {
      throw new UserError(
          ("%s has changed since the run wrote it: put it back, or delete its line \"%s\" to use it as it is now; a new run takes it with "
                  + Setting.CONFIG)
              .formatted(config, JsonSeal.KEY));
    }
    try {
      return GSON.fromJson(json, Recipe.class);
    } catch (RuntimeException e) {
      // Gson wraps what a constructor finds wrong.
      Throwable said = e.getCause() instanceof UserError ? e.getCause() : e;
      String why =
          said instanceof UserError ? said.getMessage() : "a value is not of the kind it should be";
      throw damaged(config, why, e);
    }
  }

  private static JsonObject object(Path config) throws IOException {
    String text = JsonText.read(config);
    if (text.isBlank()) {
      throw new UserError(config + " is empty: start a new run with " + Setting.OUT);
    }
    try {
      return JsonText.object(text);
    } catch (JsonParseException e) {
      throw damaged(config, e.getMessage(), e);
    }
  }

  private static UserError damaged(Path config, String why, RuntimeException cause) {
    return new UserError(
        ("%s is damaged (%s): mend it, or start a new run with " + Setting.OUT)
            .formatted(config, why),
        cause);
  }
}
