package engine.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML as a tree of {@link LinkedHashMap}, {@link ArrayList}, {@link String} and null, built from
 * the parser's events. Numbers stay as they are written. Nothing is made of tags; depth, and the
 * size with every alias written out, are bounded while it is built, since nine lines of aliases can
 * stand for gigabytes.
 */
final class YamlText {
  private static final int DEEPEST = 16;
  private static final long MOST_CHARACTERS = 1 << 20;
  private static final int LONGEST_SHOWN = 40;

  private static final Set<String> PLAIN_TAGS =
      Set.of("str", "int", "float", "bool", "null", "seq", "map");

  private final Iterator<Event> events;

  /** What anchors stand for, and how many characters that is. */
  private final Map<String, Anchored> anchors = new HashMap<>();

  private long characters;

  private record Anchored(Object value, long characters) {}

  private YamlText(String text) {
    events = new Parse(LoadSettings.builder().build()).parseString(text).iterator();
  }

  /**
   * The value of the only document in {@code text}; null if there is none.
   *
   * @throws YamlEngineException if it is no YAML
   * @throws IllegalArgumentException if it is YAML beyond what options need
   */
  static Object parse(String text) {
    YamlText yaml = new YamlText(text);
    Object root = null;
    int documents = 0;
    while (yaml.events.hasNext()) {
      Event e = yaml.events.next();
      if (e instanceof NodeEvent node) {
        if (++documents > 1) {
          throw new IllegalArgumentException("it has more than one document");
        }
        root = yaml.value(node, 0);
      }
    }
    return root;
  }

  /** What is wrong with a text that is no YAML, and where; the parser's own words are not used. */
  static String reason(YamlEngineException e) {
    if (!(e instanceof MarkedYamlEngineException marked)) {
      return e instanceof ReaderException
          ? "it has special characters, such as control characters"
          : "no valid YAML";
    }
    String said = marked.getContext() + " " + marked.getProblem();
    String what =
        said.contains("quoted scalar")
            ? "a quote without its end"
            : said.contains("\\t")
                ? "a tab where YAML wants spaces"
                : said.contains("mapping values are not allowed")
                    ? "a colon or an indentation that does not fit"
                    : "no valid YAML";
    var place = what.startsWith("a quote") ? marked.getContextMark() : marked.getProblemMark();
    return what
        + place
            .map(m -> " at line %d column %d".formatted(m.getLine() + 1, m.getColumn() + 1))
            .orElse("");
  }

  private Object value(Event e, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("it nests deeper than " + DEEPEST);
    }
    if (e instanceof AliasEvent alias) {
      return recall(alias.getAlias().getValue());
    }
    long before = characters;
    String anchor = ((NodeEvent) e).getAnchor().map(a -> a.getValue()).orElse(null);
    if (anchor != null) {
      anchors.put(anchor, null); // it refers to itself if it is used before it is complete
    }
    Object value =
        switch (e) {
          case ScalarEvent s -> scalar(s);
          case SequenceStartEvent s -> list(s, depth);
          case MappingStartEvent m -> map(m, depth);
          default -> throw new IllegalArgumentException("it is no YAML");
        };
    if (anchor != null) {
      anchors.put(anchor, new Anchored(value, characters - before));
    }
    return value;
  }

  private Object recall(String name) {
    if (!anchors.containsKey(name)) {
      throw new IllegalArgumentException("nothing is called *" + shown(name));
    }
    Anchored a = anchors.get(name);
    if (a == null) {
      throw new IllegalArgumentException("*" + shown(name) + " stands for itself");
    }
    take(a.characters());
    return a.value();
  }

  private String scalar(ScalarEvent s) {
    requirePlain(s.getTag().orElse(null));
    String text = s.getValue();
    take(text.length() + 1L);
    return s.isPlain() && Set.of("", "~", "null").contains(text) ? null : text;
  }

  private List<Object> list(CollectionStartEvent start, int depth) {
    requirePlain(start.getTag().orElse(null));
    take(1);
    List<Object> out = new ArrayList<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      out.add(value(e, depth + 1));
    }
    return out;
  }

  private Map<String, Object> map(CollectionStartEvent start, int depth) {
    requirePlain(start.getTag().orElse(null));
    take(1);
    Map<String, Object> out = new LinkedHashMap<>();
    for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(value(e, depth + 1) instanceof String name)) {
        throw new IllegalArgumentException("a name in it is empty, a list or a group");
      }
      if (out.containsKey(name)) {
        throw new IllegalArgumentException("the name '" + shown(name) + "' is in it twice");
      }
      out.put(name, value(events.next(), depth + 1));
    }
    return out;
  }

  private void take(long n) {
    characters += n;
    if (characters > MOST_CHARACTERS) {
      throw new IllegalArgumentException("with its aliases written out it is larger than 1 MiB");
    }
  }

  private static void requirePlain(String tag) {
    String standard = "tag:yaml.org,2002:";
    if (tag != null
        && !tag.equals("!")
        && !(tag.startsWith(standard) && PLAIN_TAGS.contains(tag.substring(standard.length())))) {
      throw new IllegalArgumentException(
          "it asks for the type '" + shown(tag) + "'; options are text, numbers, true or false");
    }
  }

  /** A name from a file, short and without what a terminal would obey. */
  static String shown(String name) {
    String clean = name.replaceAll("\\p{C}", "?");
    return clean.length() > LONGEST_SHOWN ? clean.substring(0, LONGEST_SHOWN) + "..." : clean;
  }
}
