package engine.backend.sim.ptx;

import engine.backend.sim.ptx.Lexer.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel's body: declarations, labels, instructions. Braces inside it, which inline assembly
 * brings, open a scope of their own whose registers may be called anything, even without {@code %}.
 */
final class BodyParser {
  private final Tokens tokens;
  private final Map<Integer, String> files;
  private final Deque<Scope> scopes = new ArrayDeque<>();
  private final List<Variable> variables = new ArrayList<>();
  private final List<Instruction> body = new ArrayList<>();
  private final Map<String, Integer> labels = new LinkedHashMap<>();
  private final Map<String, List<String>> branchTables = new LinkedHashMap<>();
  private SourceLine source = SourceLine.UNKNOWN;
  private int scopesMade;

  BodyParser(Tokens tokens, Map<Integer, String> files) {
    this.tokens = tokens;
    this.files = files;
  }

  PtxKernel parse(String name, List<Variable> parameters, Map<String, List<Integer>> limits) {
    block();
    return new PtxKernel(name, parameters, variables, body, labels, branchTables, limits);
  }

  private void block() {
    tokens.expect("{");
    scopes.push(new Scope(scopesMade == 0 ? "" : "'" + scopesMade));
    scopesMade++;
    while (!tokens.accept("}")) {
      if (tokens.peek().kind() == Kind.END) {
        throw tokens.wrong("'}'");
      }
      statement();
    }
    scopes.pop();
  }

  private void statement() {
    String first = tokens.peek().text();
    switch (first) {
      case "{" -> block();
      case ";" -> tokens.next();
      case ".reg" -> registers();
      case ".loc" -> location();
      case ".pragma" -> tokens.skipStatement();
      case ".shared", ".local", ".const", ".global" ->
          variables.addAll(new VariableParser(tokens).parse());
      default -> {
        if (tokens.peek(1).is(":")) {
          label();
        } else if (first.startsWith(".")) {
          throw new PtxException(tokens.line(), "the directive " + first + " is not implemented");
        } else {
          instruction();
        }
      }
    }
  }

  private void label() {
    String name = tokens.word();
    tokens.expect(":");
    if (tokens.accept(".branchtargets")) {
      List<String> targets = new ArrayList<>();
      do {
        targets.add(tokens.word());
      } while (tokens.accept(","));
      tokens.expect(";");
      branchTables.put(name, targets);
    } else {
      labels.put(name, body.size());
    }
  }

  private void registers() {
    tokens.expect(".reg");
    PtxType type = PtxType.of(tokens.word().substring(1));
    if (type == null) {
      throw new PtxException(tokens.line(), "a register of this type is not implemented");
    }
    do {
      String name = tokens.word();
      if (tokens.accept("<")) {
        scopes.peek().families.put(name, type);
        tokens.integer();
        tokens.expect(">");
      } else {
        scopes.peek().names.put(name, type);
      }
    } while (tokens.accept(","));
    tokens.expect(";");
  }

  /**
   * {@code .loc file line column [, function_name label [+ n], inlined_at file line column]}. What
   * was inlined from another file counts as the line it was inlined into, since that is the
   * kernel's own code; line 0 is the compiler's and changes nothing.
   */
  private void location() {
    tokens.expect(".loc");
    int file = (int) tokens.integer();
    int line = (int) tokens.integer();
    tokens.integer();
    while (tokens.accept(",")) {
      if (tokens.accept("inlined_at")) {
        int into = (int) tokens.integer();
        int there = (int) tokens.integer();
        tokens.integer();
        line = into == file ? line : there;
        file = into;
      } else {
        tokens.word();
        tokens.word();
        if (tokens.accept("+")) {
          tokens.integer();
        }
      }
    }
    if (line > 0) {
      source = new SourceLine(files.getOrDefault(file, "?"), line);
    }
  }

  private void instruction() {
    int line = tokens.line();
    Operand.Register guard = null;
    boolean negated = false;
    if (tokens.accept("@")) {
      negated = tokens.accept("!");
      String name = tokens.word();
      guard = register(name);
      if (guard == null) {
        throw new PtxException(line, "there is no predicate " + name);
      }
    }
    String opcode = tokens.word();
    List<Operand> operands = new ArrayList<>();
    while (!tokens.accept(";")) {
      operands.add(operand());
      if (!tokens.at(";")) {
        tokens.expect(",");
      }
    }
    body.add(new Instruction(guard, negated, opcode, List.copyOf(operands), line, source));
  }

  private Operand operand() {
    Operand first = single();
    return tokens.accept("|") ? new Operand.Pair(first, single()) : first;
  }

  private Operand single() {
    if (tokens.accept("[")) {
      Operand base = single();
      long offset = offset();
      tokens.expect("]");
      return base instanceof Operand.Symbol s
          ? new Operand.Address(new Operand.Symbol(s.name(), 0), s.offset() + offset)
          : new Operand.Address(base, offset);
    }
    if (tokens.accept("{")) {
      List<Operand> parts = new ArrayList<>();
      do {
        parts.add(single());
      } while (tokens.accept(","));
      tokens.expect("}");
      return new Operand.Vector(List.copyOf(parts));
    }
    if (tokens.accept("!")) {
      String name = tokens.word();
      Operand.Register r = register(name);
      if (r == null) {
        throw new PtxException(tokens.line(), "there is no predicate " + name);
      }
      return new Operand.Not(r);
    }
    if (tokens.at("-")) {
      tokens.next();
      Operand.Immediate value = Literals.parse(tokens.next());
      return new Operand.Immediate(-value.bits(), value.floating());
    }
    if (tokens.peek().kind() == Kind.NUMBER) {
      return Literals.parse(tokens.next());
    }
    return named(tokens.word());
  }

  private Operand named(String name) {
    Operand.Register r = register(name);
    if (r != null) {
      return r;
    }
    if (name.equals("_")) {
      return new Operand.Sink();
    }
    return name.startsWith("%")
        ? new Operand.Special(name)
        : new Operand.Symbol(name, tokens.at("+") ? offset() : 0);
  }

  private long offset() {
    if (tokens.accept("+")) {
      return tokens.integer();
    }
    return tokens.at("-") ? tokens.integer() : 0;
  }

  /** The register that {@code name} means here; null if it is none. */
  private Operand.Register register(String name) {
    for (Scope s : scopes) {
      PtxType type = s.type(name);
      if (type != null) {
        return new Operand.Register(name + s.suffix, type);
      }
    }
    return null;
  }

  /** Registers declared between a pair of braces. */
  private static final class Scope {
    final Map<String, PtxType> names = new HashMap<>();

    /** {@code %r<128>} declares %r0 to %r127. */
    final Map<String, PtxType> families = new HashMap<>();

    /** Makes an inner scope's names differ from the same names elsewhere. */
    final String suffix;

    Scope(String suffix) {
      this.suffix = suffix;
    }

    PtxType type(String name) {
      PtxType exact = names.get(name);
      int digits = name.length();
      while (digits > 0 && Character.isDigit(name.charAt(digits - 1))) {
        digits--;
      }
      return exact != null || digits == name.length()
          ? exact
          : families.get(name.substring(0, digits));
    }
  }
}
