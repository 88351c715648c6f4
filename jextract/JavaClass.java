import java.util.StringJoiner;

/** The Java text of one binding class. */
final class JavaClass {
  private final CHeader header;
  private final String name;
  private final String source;
  private final String about;
  private final StringBuilder out = new StringBuilder();

  JavaClass(CHeader header, String name, String source, String about) {
    this.header = header;
    this.name = name;
    this.source = source;
    this.about = about;
  }

  String text() {
    line("package engine.ffi;");
    line("");
    line("import java.lang.foreign.FunctionDescriptor;");
    line("import java.lang.foreign.MemorySegment;");
    if (!header.structs.isEmpty()) {
      line("import java.lang.foreign.StructLayout;");
    }
    line("import java.lang.foreign.SymbolLookup;");
    line("import java.lang.invoke.MethodHandle;");
    line("import java.util.LinkedHashMap;");
    line("import java.util.Map;");
    line("");
    line("/**");
    line(" * " + about + ", raw: C's names, C's values, pointers as {@code long}.");
    line(" *");
    line(" * <p>Generated from {@code jextract/" + source + "} by {@code java jextract/Generate.java}: edit");
    line(" * that header, not this file.");
    line(" */");
    line("public final class " + name + " {");
    header.constants.forEach((k, v) -> line("  public static final int " + k + " = " + v + ";"));
    header.structs.forEach(this::struct);
    line("");
    line("  /** The C signature of each function, by its name. */");
    line("  public static final Map<String, FunctionDescriptor> FUNCTIONS = functions();");
    line("");
    for (CHeader.Function f : header.functions) {
      line("  private static final MethodHandle " + f.name() + "$mh = Native.handle(\"" + signature(f) + "\");");
    }
    line("");
    for (CHeader.Function f : header.functions) {
      line("  private final MemorySegment " + f.name() + "$address;");
    }
    line("");
    line("  /**");
    line("   * @param library the real one, or anything else that has functions of these names");
    line("   * @throws UnsatisfiedLinkError naming the first function that {@code library} lacks");
    line("   */");
    line("  public " + name + "(SymbolLookup library) {");
    for (CHeader.Function f : header.functions) {
      line("    " + f.name() + "$address = Native.symbol(library, \"" + f.name() + "\");");
    }
    line("  }");
    header.functions.forEach(this::function);
    line("");
    line("  private static Map<String, FunctionDescriptor> functions() {");
    line("    Map<String, FunctionDescriptor> m = new LinkedHashMap<>();");
    for (CHeader.Function f : header.functions) {
      line("    m.put(\"" + f.name() + "\", Native.descriptor(\"" + signature(f) + "\"));");
    }
    line("    return m;");
    line("  }");
    line("}");
    return out.toString();
  }

  private void struct(CHeader.Struct s) {
    line("");
    line("  /** {@code " + s.name() + "}, with C's padding; fields by their names. */");
    StringJoiner names = new StringJoiner(", ", "Native.struct(\n          \"" + letters(s) + "\", ", ")");
    s.fields().forEach(f -> names.add("\"" + f.name() + "\""));
    String wrapped = names.toString().replaceAll("(.{60,84},) ", "$1\n          ");
    line("  public static final StructLayout " + s.name() + " =\n      " + wrapped + ";");
  }

  private void function(CHeader.Function f) {
    StringJoiner c = new StringJoiner(", ", f.result() + " " + f.name() + "(", ")");
    StringJoiner java = new StringJoiner(", ");
    StringJoiner values = new StringJoiner(", ", "(", ")").add(f.name() + "$address");
    for (CHeader.Parameter p : f.parameters()) {
      c.add((p.type() + " " + p.name()).replace("* ", "*"));
      java.add(type(header.letter(p.type())) + " " + p.name());
      values.add(p.name());
    }
    char result = header.letter(f.result());
    line("");
    line("  /** {@code " + c + "}. */");
    line("  public " + type(result) + " " + f.name() + "(" + java + ") {");
    line("    try {");
    String call = f.name() + "$mh.invokeExact" + values + ";";
    line("      " + (result == 'v' ? call : "return (" + type(result) + ") " + call));
    line("    } catch (Throwable t) {");
    line("      throw Native.unexpected(t);");
    line("    }");
    line("  }");
  }

  private String signature(CHeader.Function f) {
    StringBuilder s = new StringBuilder().append(header.letter(f.result()));
    f.parameters().forEach(p -> s.append(header.letter(p.type())));
    return s.toString();
  }

  private String letters(CHeader.Struct s) {
    StringBuilder b = new StringBuilder();
    s.fields().forEach(f -> b.append(header.letter(f.type())));
    return b.toString();
  }

  private static String type(char letter) {
    return switch (letter) {
      case 'v' -> "void";
      case 'b' -> "byte";
      case 'i' -> "int";
      case 'l' -> "long";
      case 'f' -> "float";
      case 'd' -> "double";
      default -> throw new IllegalArgumentException("letter " + letter);
    };
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
