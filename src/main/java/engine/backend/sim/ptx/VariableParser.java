package engine.backend.sim.ptx;

import engine.backend.sim.ptx.Lexer.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Declarations of variables: {@code .global .align 4 .b8 table[16] = {0, 1, 2};}. */
final class VariableParser {
  private final Tokens tokens;
  private String space = "";
  private int align;
  private PtxType type;
  private int elements = 1;

  VariableParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** One declaration with all its names, up to its semicolon. */
  List<Variable> parse() {
    attributes();
    List<Variable> all = new ArrayList<>();
    do {
      all.add(named());
    } while (tokens.accept(","));
    tokens.expect(";");
    return all;
  }

  /** A parameter of a kernel; it has no semicolon. */
  Variable parameter() {
    attributes();
    return named();
  }

  private void attributes() {
    space = tokens.word().substring(1);
    while (tokens.peek().text().startsWith(".")) {
      String a = tokens.word().substring(1);
      PtxType t = PtxType.of(a);
      switch (a) {
        case "align" -> align = (int) tokens.integer();
        case "v2" -> elements = 2;
        case "v4" -> elements = 4;
        case "ptr", "attribute", "managed" -> {}
        case "global", "shared", "const", "local" -> {} // where a .ptr parameter points to
        default -> {
          if (t == null) {
            throw new PtxException(tokens.line(), "." + a + " is no type of a variable");
          }
          type = t;
        }
      }
    }
    if (type == null) {
      throw tokens.wrong("a type");
    }
    align = Math.max(align, type.bytes());
  }

  private Variable named() {
    String name = tokens.word();
    long count = elements;
    while (tokens.accept("[")) {
      count *= tokens.at("]") ? 0 : tokens.integer();
      tokens.expect("]");
    }
    byte[] initial = null;
    if (tokens.accept("=")) {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) (count * type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
      values(bytes);
      initial = bytes.array();
    }
    return new Variable(name, space, align, count * type.bytes(), initial);
  }

  private void values(ByteBuffer into) {
    if (tokens.accept("{")) {
      while (!tokens.accept("}")) {
        values(into);
        tokens.accept(",");
      }
      return;
    }
    boolean negative = tokens.accept("-");
    if (tokens.peek().kind() != Kind.NUMBER) {
      throw new PtxException(
          tokens.line(), "a variable that is initialised with an address is not implemented");
    }
    long bits = Literals.parse(tokens.next()).bits();
    bits = negative ? -bits : bits;
    switch (type.bytes()) {
      case 1 -> into.put((byte) bits);
      case 2 -> into.putShort((short) bits);
      case 4 -> into.putInt((int) bits);
      default -> into.putLong(bits);
    }
  }
}
