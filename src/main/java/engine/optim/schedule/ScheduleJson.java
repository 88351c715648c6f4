package engine.optim.schedule;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.Arrays;
import java.util.List;

/** Schedules as JSON: the record's fields beside {@code "type"}, PyTorch's class name. */
public final class ScheduleJson {
  private static final Gson GSON = new Gson();

  private ScheduleJson() {}

  /** For example {@code {"type":"StepLR","baseLr":0.1,"stepSize":30,"gamma":0.1}}. */
  public static JsonObject toJson(LrSchedule s) {
    JsonObject json = new JsonObject();
    json.addProperty("type", s.getClass().getSimpleName());
    if (s instanceof SequentialLR(LrSchedule first, LrSchedule second, long milestone)) {
      json.add("first", toJson(first));
      json.add("second", toJson(second));
      json.addProperty("milestone", milestone);
      return json;
    }
    GSON.toJsonTree(s)
        .getAsJsonObject()
        .entrySet()
        .forEach(e -> json.add(e.getKey(), e.getValue()));
    return json;
  }

  /**
   * The schedule that {@link #toJson} wrote.
   *
   * @throws JsonParseException if the type is unknown or a setting is out of range
   */
  public static LrSchedule fromJson(JsonObject json) {
    JsonElement type = json.get("type");
    String name = type == null ? "" : type.getAsString();
    List<Class<?>> kinds = Arrays.asList(LrSchedule.class.getPermittedSubclasses());
    Class<?> kind =
        kinds.stream()
            .filter(k -> k.getSimpleName().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new JsonParseException(
                        "'%s' is no learning-rate schedule; known are %s"
                            .formatted(name, kinds.stream().map(Class::getSimpleName).toList())));
    if (kind == SequentialLR.class) {
      return new SequentialLR(
          fromJson(json.getAsJsonObject("first")),
          fromJson(json.getAsJsonObject("second")),
          json.get("milestone").getAsLong());
    }
    return (LrSchedule) GSON.fromJson(json, kind);
  }
}
