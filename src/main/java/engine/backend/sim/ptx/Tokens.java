package engine.backend.sim.ptx;

import engine.backend.sim.ptx.Lexer.Kind;
import engine.backend.sim.ptx.Lexer.Token;
import java.util.List;

/** A walk over tokens, with the errors that a wrong step makes. */
final class Tokens {
  private final List<Token> tokens;
  private int at;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token t = tokens.get(at);
    if (t.kind() != Kind.END) {
      at++;
    }
    return t;
  }

  boolean at(String text) {
    return peek().is(text);
  }

  /** Steps over {@code text} if it is next. */
  boolean accept(String text) {
    if (!at(text)) {
      return false;
    }
    next();
    return true;
  }

  Token expect(String text) {
    if (!at(text)) {
      throw wrong("'" + text + "'");
    }
    return next();
  }

  String word() {
    if (peek().kind() != Kind.WORD) {
      throw wrong("a name");
    }
    return next().text();
  }

  /** An integer, with its sign. */
  long integer() {
    boolean negative = accept("-");
    if (peek().kind() != Kind.NUMBER) {
      throw wrong("a number");
    }
    Operand.Immediate value = Literals.parse(next());
    return negative ? -value.bits() : value.bits();
  }

  int line() {
    return peek().line();
  }

  PtxException wrong(String wanted) {
    return new PtxException(line(), "expected " + wanted + ", found '" + peek().text() + "'");
  }

  /** Steps over a statement that says nothing about execution. */
  void skipStatement() {
    while (!at(";") && peek().kind() != Kind.END) {
      next();
    }
    accept(";");
  }

  /** Steps over everything from an opening brace to its closing one. */
  void skipBlock() {
    expect("{");
    for (int depth = 1; depth > 0; ) {
      Token t = next();
      if (t.kind() == Kind.END) {
        throw wrong("'}'");
      }
      depth += t.is("{") ? 1 : t.is("}") ? -1 : 0;
    }
  }

  /** Steps over everything that stands on the same line. */
  void skipLine() {
    int line = line();
    while (line() == line && peek().kind() != Kind.END) {
      next();
    }
  }
}
