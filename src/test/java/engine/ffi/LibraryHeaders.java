package engine.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The C headers that a library's jar carries beside it, as far as bindings are held to them. */
final class LibraryHeaders {
  /** Words before a prototype that say nothing of its type. */
  private static final String LINKAGE =
      "\\b(extern|DNNL_API|LEPT_DLL|WEBP_EXTERN|WEBP_NODISCARD)\\b";

  private static final Pattern DEFINE =
      Pattern.compile("(?m)^[ \\t]*#[ \\t]*define[ \\t]+(\\w+)[ \\t]+(.+?)[ \\t]*$");
  private static final Pattern ENUM =
      Pattern.compile("\\benum\\b\\s*\\w*\\s*\\{(?<body>[^}]*)}\\s*(?<name>\\w*)\\s*;");
  private static final Pattern ALIAS =
      Pattern.compile("\\btypedef\\s+([^;{}()]*?)\\b(\\w+)\\s*(\\[\\w+])?\\s*;");
  private static final Pattern CALLBACK =
      Pattern.compile("\\btypedef\\b[^;{}]*?\\(\\s*\\*\\s*(\\w+)\\)");

  private final String text;
  private final Map<String, String> values = new HashMap<>();

  /** Of a typedef's name: what it is a name for, or a pointer. */
  private final Map<String, String> types = new HashMap<>();

  /**
   * @param folder of the class path
   */
  LibraryHeaders(String folder, String... files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      try (InputStream in = LibraryHeaders.class.getResourceAsStream("/" + folder + "/" + file)) {
        all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)).append('\n');
      }
    }
    String c =
        all.toString()
            .replaceAll("(?s)/\\*.*?\\*/", " ")
            .replaceAll("//[^\\n]*", " ")
            .replace("\\\n", " ");
    DEFINE.matcher(c).results().forEach(m -> values.putIfAbsent(m.group(1), m.group(2)));
    text = c.replaceAll("(?m)^[ \\t]*#.*$", "").replaceAll(LINKAGE, " ");
    Matcher e = ENUM.matcher(text);
    while (e.find()) {
      types.put(e.group("name"), "int");
      String next = "0";
      for (String one : e.group("body").split(",")) {
        String[] pair = one.strip().split("\\s*=\\s*");
        if (!pair[0].isEmpty()) {
          values.put(pair[0], pair.length > 1 ? pair[1] : next);
          next = pair[0] + "+1";
        }
      }
    }
    ALIAS
        .matcher(text)
        .results()
        .forEach(m -> types.put(m.group(2), m.group(3) == null ? m.group(1) : "void *"));
    CALLBACK.matcher(text).results().forEach(m -> types.put(m.group(1), "void *"));
  }

  /** Whether there is a constant of that name. */
  boolean hasConstant(String name) {
    return values.containsKey(name);
  }

  /** The value of an enumerator or of a macro, of sums and unions of others. */
  long constant(String expression) {
    String e = expression.replaceAll("[()\\s]", "");
    if (e.contains("|")) {
      long bits = 0;
      for (String part : e.split("\\|")) {
        bits |= constant(part);
      }
      return bits;
    }
    if (e.contains("+")) {
      long sum = 0;
      for (String part : e.split("\\+")) {
        sum += constant(part);
      }
      return sum;
    }
    return values.containsKey(e)
        ? constant(values.get(e))
        : Long.decode(e.replaceAll("[uUlL]+$", ""));
  }

  /**
   * The types of a function's prototypes, result first, each with its parameter's name if it has
   * one.
   */
  List<List<String>> functions(String name) {
    List<List<String>> out = new ArrayList<>();
    Matcher m =
        Pattern.compile("(?<result>[\\w\\s*]+?)\\b" + name + "\\s*\\((?<params>[^()]*)\\)\\s*;")
            .matcher(text);
    while (m.find()) {
      List<String> types = new ArrayList<>(List.of(spaced(m.group("result"))));
      for (String p : m.group("params").split(",")) {
        String one = spaced(p.replaceAll("=.*", ""));
        if (!one.isEmpty() && !one.equals("void")) {
          types.add(one);
        }
      }
      out.add(types);
    }
    return out;
  }

  /** The letters of what a function pointer's type points to. */
  String callback(String name) {
    Matcher m =
        Pattern.compile("\\btypedef\\s([^;{}()]*?)\\(\\s*\\*\\s*" + name + "\\)\\s*\\(([^()]*)\\)")
            .matcher(text);
    if (!m.find()) {
      throw new AssertionError("no function pointer " + name);
    }
    StringBuilder letters = new StringBuilder().append(letter(m.group(1)));
    for (String p : m.group(2).split(",")) {
      // With a name or without: only the name of a type has a letter.
      String type = p.strip().replaceAll("(.*[\\s*])\\w+$", "$1");
      letters.append(letter(type));
    }
    return letters.toString();
  }

  /** The fields of a struct in order, each a letter and a name. */
  List<String> struct(String name) {
    Matcher m = Pattern.compile("struct\\s*\\w*\\s*\\{([^}]*)}\\s*" + name + "\\s*;").matcher(text);
    if (!m.find()) {
      throw new AssertionError("no struct " + name);
    }
    List<String> fields = new ArrayList<>();
    for (String f : m.group(1).split(";")) {
      if (!f.isBlank()) {
        String field = f.strip().replaceAll(".*\\b(\\w+)$", "$1");
        fields.add(letter(f.strip().replaceAll("\\w+$", "")) + field);
      }
    }
    return fields;
  }

  /** As {@link Native} writes signatures. */
  char letter(String type) {
    String t = type.replaceAll("\\bconst\\b", "").strip().replaceAll("\\s+", " ");
    if (t.contains("*")) {
      return 'l';
    }
    return switch (t) {
      case "void" -> 'v';
      case "char", "unsigned char", "uint8_t" -> 'b';
      // A 16-bit argument is widened by its caller.
      case "int", "unsigned", "unsigned int", "int32_t", "uint32_t", "uint16_t" -> 'i';
      case "long", "unsigned long", "size_t", "int64_t", "uint64_t" -> 'l';
      case "float" -> 'f';
      case "double" -> 'd';
      default -> {
        String known = types.getOrDefault(t, values.get(t));
        if (known == null) {
          throw new AssertionError("unknown C type " + t);
        }
        yield letter(known);
      }
    };
  }

  /** With one blank between words and none after a star. */
  static String spaced(String c) {
    return c.replace("*", " * ").strip().replaceAll("\\s+", " ").replaceAll("\\* (?=\\*)", "*");
  }
}
