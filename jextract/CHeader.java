import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of C that the headers in this folder are written in: typedefs of scalars, handles and
 * pointers to functions, enums with explicit values, {@code #define} of integers, structs of scalars and
 * pointers, and prototypes with named parameters.
 *
 * <p>What C does not say is said in comments: {@code /** text *}{@code /} before a prototype documents the
 * method; {@code ... /* int value *}{@code /} as the last parameter says which arguments a function with
 * {@code ...} is called with; {@code /* errno *}{@code /} after a prototype, that a negative result is to be
 * {@code -errno}.
 */
final class CHeader {
  record Parameter(String type, String name) {}

  /**
   * A prototype, or the function that a pointer's type is of.
   *
   * @param fixed number of parameters before {@code ...}; -1 without
   * @param text as C, without the type of the result
   * @param doc lines for Javadoc; may be none
   */
  record Function(String result, String name, List<Parameter> parameters, int fixed, boolean errno, String text, List<String> doc) {}

  record Struct(String name, List<Parameter> fields) {}

  private static final Pattern DEFINE = Pattern.compile("(?m)^#define (\\w+) (-?\\w+)$");
  private static final Pattern DOC = Pattern.compile("(?s)/\\*\\*(.*?)\\*/[^(;]*?(\\w+)\\(");
  private static final Pattern STATEMENT =
      Pattern.compile(" ?(?:typedef struct \\{(?<struct>[^}]*)}(?<structName>[^;]*);"
          + "|(?:typedef )?enum \\{(?<enum>[^}]*)}(?<enumName>[^;]*);"
          + "|typedef (?<callback>[^;{]*)\\(\\*(?<callbackName>\\w+)\\)(?<callbackParameters>\\([^;]*\\));"
          + "|typedef (?<alias>[^;{]*);"
          + "|(?<prototype>[^;{}]*\\([^;]*\\));(?<errno> @errno)?)");

  final Map<String, Integer> constants = new LinkedHashMap<>();
  final List<Struct> structs = new ArrayList<>();
  final List<Function> functions = new ArrayList<>();
  final List<Function> callbacks = new ArrayList<>();
  private final Map<String, List<String>> docs = new LinkedHashMap<>();
  private final Map<String, Character> letters = new LinkedHashMap<>();

  private CHeader() {
    letters.put("void", 'v');
    letters.put("char", 'b');
    letters.put("unsigned char", 'b');
    letters.put("int", 'i');
    letters.put("unsigned", 'i');
    letters.put("unsigned int", 'i');
    letters.put("int32_t", 'i');
    letters.put("uint32_t", 'i');
    letters.put("uint16_t", 'i'); // of parameters only: the caller widens them
    letters.put("uint8_t", 'b');
    letters.put("long", 'l');
    letters.put("long long", 'l');
    letters.put("unsigned long long", 'l');
    letters.put("int64_t", 'l');
    letters.put("uint64_t", 'l');
    letters.put("size_t", 'l');
    letters.put("float", 'f');
    letters.put("double", 'd');
  }

  static CHeader parse(String text) {
    CHeader h = new CHeader();
    DOC.matcher(text)
        .results()
        .forEach(m -> h.docs.put(m.group(2), m.group(1).lines().map(l -> l.replaceAll("^ *\\* ", "").strip()).filter(l -> !l.isEmpty()).toList()));
    String c =
        text.replaceAll("\\.\\.\\. /\\*(.*?)\\*/", "...,$1")
            .replace("/* errno */", "@errno")
            .replaceAll("(?s)/\\*.*?\\*/", " ");
    Matcher define = DEFINE.matcher(c);
    while (define.find()) {
      h.constants.put(define.group(1), Integer.decode(define.group(2)));
    }
    String statements = define.replaceAll("").replaceAll("\\s+", " ").strip();
    Matcher m = STATEMENT.matcher(statements);
    while (m.lookingAt()) {
      h.statement(m);
      m.region(m.end(), m.regionEnd());
    }
    if (m.regionStart() < m.regionEnd() && !statements.substring(m.regionStart()).isBlank()) {
      throw new IllegalArgumentException("this is no statement that bindings are made of: " + statements.substring(m.regionStart()));
    }
    return h;
  }

  /** The letter of a C type, as {@code engine.ffi.Native} writes signatures; a pointer is l. */
  char letter(String type) {
    if (type.contains("*")) {
      return 'l';
    }
    Character letter = letters.get(type.replaceAll("^const | const$", "").strip());
    if (letter == null) {
      throw new IllegalArgumentException("unknown C type " + type);
    }
    return letter;
  }

  private void statement(Matcher m) {
    if (m.group("struct") != null) {
      List<Parameter> fields = new ArrayList<>();
      for (String f : m.group("struct").split(";")) {
        if (!f.isBlank()) {
          fields.add(declaration(f));
        }
      }
      structs.add(new Struct(m.group("structName").strip(), fields));
    } else if (m.group("enum") != null) {
      for (String e : m.group("enum").split(",")) {
        if (!e.isBlank()) {
          String[] pair = e.split("=");
          constants.put(pair[0].strip(), Integer.decode(pair[1].strip()));
        }
      }
      letters.put(m.group("enumName").strip(), 'i'); // "" without a typedef: no type's name
    } else if (m.group("callback") != null) {
      Parameter head = new Parameter(m.group("callback").strip(), m.group("callbackName"));
      callbacks.add(function(head, m.group("callbackParameters"), false));
      letters.put(head.name(), 'l');
    } else if (m.group("alias") != null) {
      // A parameter of an array's type is a pointer to its first element.
      boolean isArray = m.group("alias").endsWith("]");
      Parameter p = declaration(m.group("alias").replaceAll("\\[.*", ""));
      letters.put(p.name(), isArray ? 'l' : letter(p.type()));
    } else {
      String p = m.group("prototype");
      int open = p.indexOf('(');
      Parameter head = declaration(p.substring(0, open));
      functions.add(function(head, p.substring(open), m.group("errno") != null));
    }
  }

  /**
   * @param parameters between their parentheses
   */
  private Function function(Parameter head, String parameters, boolean errno) {
    List<Parameter> named = new ArrayList<>();
    int fixed = -1;
    String inside = parameters.substring(1, parameters.lastIndexOf(')')).strip();
    for (String one : inside.equals("void") ? new String[0] : inside.split(",")) {
      if (one.strip().equals("...")) {
        fixed = named.size();
      } else {
        named.add(declaration(one));
      }
    }
    StringJoiner c = new StringJoiner(", ", head.name() + "(", ")");
    for (int i = 0; i <= named.size(); i++) {
      if (i == fixed) {
        c.add("...");
      }
      if (i < named.size()) {
        c.add((named.get(i).type() + " " + named.get(i).name()).replace("* ", "*"));
      }
    }
    List<String> doc = docs.getOrDefault(head.name(), List.of());
    return new Function(head.type(), head.name(), named, fixed, errno, c.toString(), doc);
  }

  /** {@code const char **name}: the name is the last word, everything before it is the type. */
  private static Parameter declaration(String c) {
    String text = c.strip();
    int at = text.length();
    while (at > 0 && Character.isJavaIdentifierPart(text.charAt(at - 1))) {
      at--;
    }
    return new Parameter(text.substring(0, at).strip(), text.substring(at));
  }
}
