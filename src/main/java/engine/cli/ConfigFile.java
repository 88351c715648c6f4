package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonText;
import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
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

  private static final List<String> PRESETS = List.of("reference", "fast", "fine-tune", "none");

  /** The entry of a run's config.json that is no option. */
  private static final String CHECKSUM = "crc32c";

  /** The option that a file may give as an object, from class to number. */
  private static final String CLASS_WEIGHTS = "class-weights";

  /** What editors on Windows put before UTF-8. */
  private static final String BYTE_ORDER_MARK = "\ufeff";

  static ConfigFile read(Path file) throws IOException {
    return parse(content(file), file.toString());
  }

  /** The same with its groups and lists as they stand. */
  static Map<String, Object> tree(Path file) throws IOException {
    Map<String, Object> out = new LinkedHashMap<>();
    root(content(file), file.toString()).forEach((key, value) -> out.put((String) key, value));
    return out;
  }

  /** The options in what {@link #tree} gave. */
  static ConfigFile of(Map<String, Object> tree, String where) {
    Map<String, String> out = new LinkedHashMap<>();
    flatten(tree, where, out);
    out.remove(CHECKSUM);
    return new ConfigFile(where, out);
  }

  private static String content(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new UserError(
          "there is no file %s: check the name%s"
              .formatted(file, Suggestion.beside(file, Files::isRegularFile)));
    }
    if (!Files.isRegularFile(file)) {
      // A pipe could keep the command waiting for ever.
      throw new UserError(
          "%s is %s, not a file: options are read from a YAML or JSON file"
              .formatted(file, Files.isDirectory(file) ? "a folder" : "a pipe or a device"));
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new UserError(file + " is larger than 1 MiB, too large for options: check the name");
    }
    return text(bytes, file);
  }

  private static String text(byte[] bytes, Path file) {
    boolean utf16 = bytes.length > 1 && (bytes[0] & bytes[1] & 0xfe) == 0xfe;
    try {
      if (!utf16) {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
      }
    } catch (CharacterCodingException e) {
      // said below
    }
    throw new UserError(
        "%s is %s: options are read from a YAML or JSON file in UTF-8, so save it as that"
            .formatted(file, utf16 ? "text in UTF-16" : "no text in UTF-8"));
  }

  /** A recipe that comes with the program. */
  static ConfigFile preset(String name) throws IOException {
    if (name.equals("none")) {
      return new ConfigFile("the recipe none", Map.of());
    }
    try (InputStream in = ConfigFile.class.getResourceAsStream("recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new UserError(
            "--recipe must be one of %s, not '%s'%s"
                .formatted(String.join(", ", PRESETS), name, Suggestion.hint(name, PRESETS)));
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parse(text, "the recipe " + name);
    }
  }

  static ConfigFile parse(String text, String where) {
    Map<String, String> out = new LinkedHashMap<>();
    flatten(root(text, where), where, out);
    out.remove(CHECKSUM);
    return new ConfigFile(where, out);
  }

  private static Map<?, ?> root(String text, String where) {
    Object root;
    try {
      root = isJson(text, where) ? plain(JsonText.parse(text)) : YamlText.parse(text);
      if (!(root instanceof Map<?, ?>) && root != null) {
        throw new IllegalArgumentException(
            root instanceof List<?> ? "it is a list" : "it is a single value");
      }
    } catch (JsonParseException | YamlEngineException | IllegalArgumentException e) {
      String reason = e instanceof YamlEngineException y ? YamlText.reason(y) : e.getMessage();
      throw new UserError(
          where + " holds no options: it must be a YAML or JSON object (" + reason + ")", e);
    }
    return root instanceof Map<?, ?> options ? options : Map.of();
  }

  /** JSON has a name for it, or a brace; YAML in braces needs the name of YAML. */
  private static boolean isJson(String text, String where) {
    String name = where.toLowerCase(Locale.ROOT);
    return name.endsWith(".json")
        || text.stripLeading().startsWith("{") && !name.endsWith(".yaml") && !name.endsWith(".yml");
  }

  /** JSON as {@link YamlText} gives YAML; its depth is bounded already. */
  private static Object plain(JsonElement json) {
    return switch (json) {
      case JsonObject o -> {
        Map<String, Object> out = new LinkedHashMap<>();
        o.entrySet().forEach(e -> out.put(e.getKey(), plain(e.getValue())));
        yield out;
      }
      case JsonArray a -> a.asList().stream().map(ConfigFile::plain).collect(Collectors.toList());
      case JsonElement v when v.isJsonNull() -> null;
      default -> json.getAsString();
    };
  }

  private static void flatten(Map<?, ?> from, String where, Map<String, String> out) {
    from.forEach(
        (key, value) -> {
          switch (value) {
            case Map<?, ?> weights when optionName((String) key).equals(CLASS_WEIGHTS) ->
                put((String) key, byName(weights, where), where, out);
            case Map<?, ?> group -> flatten(group, where, out);
            case List<?> list -> put((String) key, joined((String) key, list, where), where, out);
            case null -> put((String) key, null, where, out);
            default -> put((String) key, (String) value, where, out);
          }
        });
  }

  /** {@code cat: 2} and {@code dog: 0.5} as {@code --class-weights} has them, cat=2,dog=0.5. */
  private static String byName(Map<?, ?> weights, String where) {
    StringJoiner out = new StringJoiner(",");
    weights.forEach(
        (name, weight) -> {
          if (!(weight instanceof String number) || number.isBlank()) {
            throw new UserError(
                "%s gives the class '%s' no weight: write a number behind its name"
                    .formatted(where, YamlText.shown((String) name)));
          }
          String plain = ((String) name).replace("\\", "\\\\").replace(",", "\\,");
          out.add(plain + "=" + number);
        });
    return out.toString();
  }

  private static String joined(String key, List<?> list, String where) {
    StringJoiner out = new StringJoiner(",");
    for (Object o : list) {
      if (!(o instanceof String s)) {
        throw new UserError(
            "%s gives '%s' a list of more than plain values: write them as [a, b]"
                .formatted(where, YamlText.shown(key)));
      }
      out.add(s);
    }
    return out.toString();
  }

  /** An empty value says nothing, and takes back what an earlier file said. */
  private static void put(String key, String value, String where, Map<String, String> out) {
    String name = optionName(key);
    if (out.containsKey(name)) {
      throw new UserError(
          "%s gives '%s' twice: leave one of them out".formatted(where, YamlText.shown(name)));
    }
    if (value != null && value.chars().anyMatch(Character::isISOControl)) {
      throw new UserError(
          "%s gives '%s' a value with a control character or several lines: an option takes one line of text"
              .formatted(where, YamlText.shown(name)));
    }
    out.put(name, value == null || value.isEmpty() ? null : value);
  }

  /** {@code imageSize} and {@code image_size} are {@code image-size}. */
  static String optionName(String key) {
    return key.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
