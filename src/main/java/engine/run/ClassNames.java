package engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import engine.base.JsonText;
import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Units;
import engine.weights.WeightsFile;
import engine.weights.pickle.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Names of classes in the order of a network's outputs, as people keep them: a line each, a JSON
 * list, or a JSON map from numbers to names or from names to numbers; in a checkpoint of a training
 * program, or in the {@code config.json} of a model hub, beside the weights.
 */
public final class ClassNames {
  /** Where training programs keep them. */
  private static final List<String> KEYS =
      List.of(
          "classes",
          "class_names",
          "classnames",
          "class_to_idx",
          "idx_to_class",
          "id2label",
          "label2id",
          "label_names",
          "labels",
          "categories",
          "names");

  private ClassNames() {}

  /**
   * Those of a file.
   *
   * @throws UserError if it has none, one without a name, or a map with a gap
   */
  public static List<String> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UserError(
          "there is no file %s: check %s%s"
              .formatted(file, Setting.CLASSES, Suggestion.beside(file, Files::isRegularFile)));
    }
    if (Files.isDirectory(file)) {
      throw new UserError(
          "%s is a folder: %s takes a file with a name a line, or JSON"
              .formatted(file, Setting.CLASSES));
    }
    String text = JsonText.read(file);
    String start = text.stripLeading();
    List<String> names =
        start.startsWith("[") || start.startsWith("{") ? json(file, text) : lines(text);
    if (names == null || names.isEmpty()) {
      throw new UserError(
          file
              + " names no classes: write a name a line in the order of the outputs, a JSON list, or a JSON map with the numbers from 0 on");
    }
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank()) {
        throw new UserError("%s has no name for class %d: each needs one".formatted(file, i));
      }
    }
    return distinct(names);
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(text.lines().map(String::strip).toList());
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private static List<String> json(Path file, String text) {
    try {
      return of(plain(JsonText.parse(text)));
    } catch (JsonParseException e) {
      throw new UserError("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** As the plain objects that a pickle holds, too. */
  private static Object plain(JsonElement json) {
    return switch (json) {
      case JsonArray a -> a.asList().stream().map(ClassNames::plain).toList();
      case JsonObject o -> {
        Map<String, Object> out = new TreeMap<>();
        o.entrySet().forEach(e -> out.put(e.getKey(), plain(e.getValue())));
        yield out;
      }
      case JsonPrimitive p when p.isNumber() -> p.getAsNumber().doubleValue();
      case JsonPrimitive p when p.isString() -> p.getAsString();
      default -> "";
    };
  }

  /**
   * Those that stand beside weights, where there are as many as outputs.
   *
   * @return null if there are none
   */
  static List<String> beside(Path file, WeightsFile.Contents contents, int outputs) {
    List<Object> places = new ArrayList<>();
    for (String key : KEYS) {
      places.add(contents.values().get(key));
      for (String group : List.of("args", "hyper_parameters", "config", "meta")) {
        if (contents.values().get(group) instanceof Map<?, ?> inner) {
          places.add(inner.get(key));
        }
      }
      String text = contents.metadata().get(key);
      places.add(text == null ? null : parsed(text));
      JsonObject hub = HubConfig.beside(file);
      places.add(hub.has(key) ? plain(hub.get(key)) : null);
    }
    for (Object place : places) {
      List<String> names = of(place);
      if (names != null && names.size() == outputs && names.stream().noneMatch(String::isBlank)) {
        return distinct(names);
      }
    }
    return null;
  }

  private static Object parsed(String text) {
    try {
      return plain(JsonText.parse(text));
    } catch (JsonParseException e) {
      return null; // no list of names, then
    }
  }

  /** Of a list, or a map one way or the other; null if it is neither, or leaves a gap. */
  private static List<String> of(Object value) {
    if (value instanceof Tuple tuple) {
      return of(tuple.items());
    }
    if (value instanceof List<?> list) {
      List<String> out = new ArrayList<>();
      for (Object o : list) {
        out.add(name(o));
      }
      return out.contains(null) ? null : out;
    }
    return value instanceof Map<?, ?> map ? ofMap(map) : null;
  }

  private static List<String> ofMap(Map<?, ?> map) {
    TreeMap<Long, String> byNumber = new TreeMap<>();
    for (Map.Entry<?, ?> e : map.entrySet()) {
      Long key = number(e.getKey());
      Long value = e.getValue() instanceof Number ? number(e.getValue()) : null;
      if (value != null) {
        byNumber.put(value, String.valueOf(e.getKey()));
      } else if (key != null && name(e.getValue()) != null) {
        byNumber.put(key, name(e.getValue()));
      } else {
        return null;
      }
    }
    boolean whole =
        !byNumber.isEmpty()
            && byNumber.size() == map.size()
            && byNumber.firstKey() == 0
            && byNumber.lastKey() == map.size() - 1;
    return whole ? List.copyOf(byNumber.values()) : null;
  }

  /** ImageNet's index has a list of an identifier and a name in the place of a name. */
  private static String name(Object value) {
    return switch (value) {
      case String s -> s.strip();
      case List<?> l when l.size() == 2 && l.get(1) instanceof String s -> s.strip();
      case Long n -> n.toString();
      case Integer n -> n.toString();
      case Double d when d == Math.rint(d) -> Long.toString(d.longValue());
      case null, default -> null;
    };
  }

  private static Long number(Object value) {
    return switch (value) {
      case Long n -> n;
      case Integer n -> n.longValue();
      case BigInteger _ -> null;
      case Double d when d == Math.rint(d) -> d.longValue();
      case String s when s.matches("\\d{1,9}") -> Long.valueOf(s);
      case null, default -> null;
    };
  }

  /** ImageNet has two cranes and two maillots: the second gets its number. */
  private static List<String> distinct(List<String> names) {
    Set<String> seen = new HashSet<>(names);
    boolean fine = seen.size() == names.size();
    Set<String> used = new HashSet<>();
    List<String> out = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      while (!fine && !used.add(name)) {
        name = name + " (" + i + ")";
      }
      out.add(name);
    }
    return List.copyOf(out);
  }

  static UserError wrongCount(Path file, int names, int outputs) {
    return new UserError(
        "%s names %s and the network in %s has %s: give a name for each"
            .formatted(
                Setting.CLASSES,
                Units.count(names, "class"),
                file,
                Units.count(outputs, "output")));
  }

  /** A stranger's text, of bounded length and without control characters. */
  static String shown(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\p{C}]", "?");
    return plain.length() > 80 ? plain.substring(0, 77) + "..." : plain;
  }
}
