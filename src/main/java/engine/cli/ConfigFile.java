package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Options from a YAML or JSON file: {@code label-smoothing: 0.1} stands for {@code
 * --label-smoothing=0.1}. Names may also be written as {@code labelSmoothing}, and in groups, so
 * that a run's {@code config.json} is such a file.
 *
 * @param where the file, for people
 * @param options from an option's name, without its dashes, to its value
 */
record ConfigFile(String where, Map<String, String> options) {
  private static final int MAX_BYTES = 1 << 20;

  static ConfigFile read(Path file) throws IOException {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw new UserError(file + " is too large for options: check --config");
      }
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new UserError("there is no file " + file + ": check --config", e);
    } catch (MalformedInputException e) {
      throw new UserError(file + " is no text: --config takes a YAML or JSON file", e);
    }
  }

  /** A recipe that comes with the program. */
  static ConfigFile preset(String name) throws IOException {
    try (InputStream in = ConfigFile.class.getResourceAsStream("recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new UserError("--recipe must be reference or fast, not '" + name + "'");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parse(text, "the recipe " + name);
    }
  }

  static ConfigFile parse(String text, String where) {
    Map<String, String> out = new LinkedHashMap<>();
    try {
      if (text.stripLeading().startsWith("{")) {
        flatten(JsonParser.parseString(text).getAsJsonObject(), out);
      } else {
        flatten(yaml(text), out);
      }
    } catch (JsonParseException | YamlEngineException | IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new UserError(
          where + " holds no options: it must be a YAML or JSON object (" + reason + ")", e);
    }
    return new ConfigFile(where, out);
  }

  private static Map<?, ?> yaml(String text) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(text);
    if (root == null) {
      return Map.of();
    }
    if (root instanceof Map<?, ?> m) {
      return m;
    }
    throw new IllegalArgumentException("it is a " + root.getClass().getSimpleName());
  }

  private static void flatten(JsonObject from, Map<String, String> out) {
    for (Map.Entry<String, JsonElement> e : from.entrySet()) {
      switch (e.getValue()) {
        case JsonObject group -> flatten(group, out);
        case JsonArray list ->
            put(
                e.getKey(),
                StreamSupport.stream(list.spliterator(), false)
                    .map(JsonElement::getAsString)
                    .collect(Collectors.joining(",")),
                out);
        case JsonElement v when v.isJsonNull() -> put(e.getKey(), null, out);
        default -> put(e.getKey(), e.getValue().getAsString(), out);
      }
    }
  }

  private static void flatten(Map<?, ?> from, Map<String, String> out) {
    from.forEach(
        (key, value) -> {
          switch (value) {
            case Map<?, ?> group -> flatten(group, out);
            case List<?> list ->
                put(
                    String.valueOf(key),
                    list.stream().map(String::valueOf).collect(Collectors.joining(",")),
                    out);
            case null -> put(String.valueOf(key), null, out);
            default -> put(String.valueOf(key), String.valueOf(value), out);
          }
        });
  }

  /** An empty value says nothing, and takes back what an earlier file said. */
  private static void put(String key, String value, Map<String, String> out) {
    out.put(optionName(key), value == null || value.isEmpty() ? null : value);
  }

  /** {@code imageSize} and {@code image_size} are {@code image-size}. */
  static String optionName(String key) {
    return key.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
