import java.util.StringJoiner;

/**
 * The Java text of one binding class. Where the library is only ever one, its functions are static
 * methods, and their handles constants that hold the address; otherwise the class has instances, each
 * with the addresses of one library.
 */
final class JavaClass {
  private final CHeader header;
  private final Generate.Library library;
  private final boolean isStatic;
  private final StringBuilder out = new StringBuilder();

  JavaClass(CHeader header, Generate.Library library) {
    this.header = header;
    this.library = library;
    this.isStatic = library.lookup() != null;
  }

  String text() {
    line("package engine.ffi;");
    line("");
    if (header.functions.stream().anyMatch(CHeader.Function::errno)) {
      line("import java.lang.foreign.Arena;");
    }
    if (!isStatic) {
      line("import java.lang.foreign.FunctionDescriptor;");
    }
    if (!isStatic || header.functions.stream().anyMatch(CHeader.Function::errno)) {
      line("import java.lang.foreign.MemorySegment;");
    }
    if (!header.structs.isEmpty()) {
      line("import java.lang.foreign.StructLayout;");
    }
    if (!isStatic) {
      line("import java.lang.foreign.SymbolLookup;");
    }
    line("import java.lang.invoke.MethodHandle;");
    if (!isStatic) {
      line("import java.util.LinkedHashMap;");
      line("import java.util.Map;");
    }
    line("");
    line("/**");
    line(" * " + library.about() + ", raw: C's names, C's values, pointers as {@code long}.");
    line(" *");
    line(" * <p>Generated from {@code jextract/" + library.header() + "} by {@code java jextract/Generate.java}: edit");
    line(" * that header, not this file.");
    line(" */");
    line("public final class " + library.className() + " {");
    header.constants.forEach((k, v) -> line("  public static final int " + k + " = " + v + ";"));
    header.structs.forEach(this::struct);
    header.callbacks.forEach(this::callback);
    if (isStatic) {
      oneLibrary();
    } else {
      anyLibrary();
    }
    line("}");
    return out.toString();
  }

  private void oneLibrary() {
    line("");
    for (CHeader.Function f : header.functions) {
      String arguments = library.lookup() + ", \"" + f.name() + "\", \"" + signature(f) + "\"" + options(f);
      line("  private static final MethodHandle " + f.name() + "$mh = Native.handle(" + arguments + ");");
    }
    line("");
    line("  private " + library.className() + "() {}");
    header.functions.forEach(this::function);
  }

  private void anyLibrary() {
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
    line("  public " + library.className() + "(SymbolLookup library) {");
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
  }

  private void struct(CHeader.Struct s) {
    line("");
    line("  /** {@code " + s.name() + "}, with C's padding; fields by their names. */");
    StringJoiner names = new StringJoiner(", ", "Native.struct(\n          \"" + letters(s) + "\", ", ")");
    s.fields().forEach(f -> names.add("\"" + f.name() + "\""));
    String wrapped = names.toString().replaceAll("(.{60,84},) ", "$1\n          ");
    line("  public static final StructLayout " + s.name() + " =\n      " + wrapped + ";");
  }

  private void callback(CHeader.Function f) {
    line("");
    line("  /** {@code " + f.text().replace(f.name(), f.result() + " (*" + f.name() + ")") + "}, as {@link Native#upcall} takes it. */");
    line("  static final String " + f.name() + " = \"" + signature(f) + "\";");
  }

  private void function(CHeader.Function f) {
    StringJoiner java = new StringJoiner(", ");
    StringJoiner values = new StringJoiner(", ", "(", ")");
    if (!isStatic) {
      values.add(f.name() + "$address");
    }
    if (f.errno()) {
      values.add("state");
    }
    for (CHeader.Parameter p : f.parameters()) {
      java.add(type(header.letter(p.type())) + " " + p.name());
      values.add(p.name());
    }
    char result = header.letter(f.result());
    line("");
    doc(f);
    line("  public " + (isStatic ? "static " : "") + type(result) + " " + f.name() + "(" + java + ") {");
    line(f.errno() ? "    try (Arena arena = Arena.ofConfined()) {" : "    try {");
    String call = f.name() + "$mh.invokeExact" + values + ";";
    if (f.errno()) {
      line("      MemorySegment state = arena.allocate(Native.CALL_STATE);");
      line("      " + type(result) + " result = (" + type(result) + ") " + call);
      line("      return result < 0 ? -Native.errno(state) : result;");
    } else {
      line("      " + (result == 'v' ? call : "return (" + type(result) + ") " + call));
    }
    line("    } catch (Throwable t) {");
    line("      throw Native.unexpected(t);");
    line("    }");
    line("  }");
  }

  private void doc(CHeader.Function f) {
    String c = "{@code " + f.result() + " " + f.text() + "}" + (f.errno() ? "; {@code -errno} on an error." : ".");
    if (f.doc().isEmpty()) {
      line("  /** " + c + " */");
      return;
    }
    line("  /**");
    f.doc().forEach(l -> line("   * " + l));
    line("   *");
    line("   * <p>" + c);
    line("   */");
  }

  private static String options(CHeader.Function f) {
    return (f.fixed() < 0 ? "" : ", Native.variadicFrom(" + f.fixed() + ")") + (f.errno() ? ", Native.ERRNO" : "");
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
