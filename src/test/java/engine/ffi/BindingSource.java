package engine.ffi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a generated class of this package binds, from its text: loading it may load a library. */
final class BindingSource {
  private static final Pattern PROTOTYPE =
      Pattern.compile("\\{@code (?<result>[^({}]*?)(?<name>\\w+)\\((?<params>[^)]*)\\)}");
  private static final Pattern CONSTANT =
      Pattern.compile("public static final int (\\w+) = (-?\\d+);");
  private static final Pattern HANDLE =
      Pattern.compile("(\\w+)\\$mh = Native\\.\\w+\\([^\"]*\"(\\w+)\", \"(\\w+)\"");
  private static final Pattern CALLBACK =
      Pattern.compile("static final String (\\w+) = \"(\\w+)\";");
  private static final Pattern STRUCT =
      Pattern.compile("StructLayout (\\w+) =\\s*Native\\.struct\\(\\s*\"(\\w+)\",([^)]*)\\);");

  private final String text;

  BindingSource(String className) throws IOException {
    text = Files.readString(Path.of("src/main/java/engine/ffi/" + className + ".java"));
  }

  /** Function to its C types, result first, from the comments; {@code ...} is a type, too. */
  Map<String, List<String>> prototypes() {
    Map<String, List<String>> out = new LinkedHashMap<>();
    Matcher m = PROTOTYPE.matcher(text);
    while (m.find()) {
      List<String> types = new ArrayList<>(List.of(m.group("result").strip()));
      for (String p : m.group("params").split(", ")) {
        if (!p.isEmpty()) {
          types.add(p.replaceAll("\\w+$", "").strip());
        }
      }
      out.put(m.group("name"), types);
    }
    return out;
  }

  /** Function to the letters that its handle is made of, of a class of one library. */
  Map<String, String> signatures() {
    Map<String, String> out = new LinkedHashMap<>();
    HANDLE
        .matcher(text)
        .results()
        .forEach(
            m -> {
              if (!m.group(1).equals(m.group(2))) {
                throw new AssertionError(m.group(1) + " is bound to " + m.group(2));
              }
              out.put(m.group(1), m.group(3));
            });
    return out;
  }

  /** Function pointer's type to the letters that an upcall of it is made of. */
  Map<String, String> callbacks() {
    Map<String, String> out = new LinkedHashMap<>();
    CALLBACK.matcher(text).results().forEach(m -> out.put(m.group(1), m.group(2)));
    return out;
  }

  Map<String, Long> constants() {
    Map<String, Long> out = new LinkedHashMap<>();
    CONSTANT.matcher(text).results().forEach(m -> out.put(m.group(1), Long.decode(m.group(2))));
    return out;
  }

  /** Struct to its fields in order, each a letter and a name: {@code [iarg, lmemory]}. */
  Map<String, List<String>> structs() {
    Map<String, List<String>> out = new LinkedHashMap<>();
    Matcher m = STRUCT.matcher(text);
    while (m.find()) {
      List<String> fields = new ArrayList<>();
      for (String name : m.group(3).replaceAll("[\"\\s]", "").split(",")) {
        fields.add(m.group(2).charAt(fields.size()) + name);
      }
      out.put(m.group(1), fields);
    }
    return out;
  }
}
