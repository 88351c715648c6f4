package engine.backend.sim.ptx;

import java.util.ArrayList;
import java.util.List;

/** Cuts PTX text into tokens; comments vanish. */
final class Lexer {
  enum Kind {
    /** Names, opcodes, directives and registers: dots belong to them. */
    WORD,
    NUMBER,
    STRING,
    /** One character that stands for itself. */
    PUNCTUATION,
    END
  }

  record Token(Kind kind, String text, int line) {
    boolean is(String wanted) {
      return kind != Kind.STRING && text.equals(wanted);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String ptx) {
    Lexer l = new Lexer(ptx);
    while (l.next()) {}
    l.tokens.add(new Token(Kind.END, "end of file", l.line));
    return l.tokens;
  }

  private boolean next() {
    skipBlanks();
    if (at >= text.length()) {
      return false;
    }
    int start = at;
    char c = text.charAt(at);
    if (c == '"') {
      int end = text.indexOf('"', at + 1);
      if (end < 0) {
        throw new PtxException(line, "a string has no end");
      }
      add(Kind.STRING, text.substring(at + 1, end), end + 1);
    } else if (Character.isDigit(c)) {
      while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
        at++;
      }
      add(Kind.NUMBER, text.substring(start, at), at);
    } else if (startsWord(c)) {
      at++;
      while (at < text.length() && continuesWord()) {
        // a scope such as .shared::cta is one word, a label's single colon ends it
        at += text.charAt(at) == ':' ? 2 : 1;
      }
      add(Kind.WORD, text.substring(start, at), at);
    } else {
      add(Kind.PUNCTUATION, String.valueOf(c), at + 1);
    }
    return true;
  }

  private void add(Kind kind, String word, int end) {
    tokens.add(new Token(kind, word, line));
    at = end;
  }

  private boolean continuesWord() {
    char c = text.charAt(at);
    return startsWord(c)
        || Character.isDigit(c)
        || (c == ':' && at + 2 < text.length() && text.charAt(at + 1) == ':');
  }

  private static boolean startsWord(char c) {
    return Character.isLetter(c) || c == '_' || c == '$' || c == '%' || c == '.';
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c) || c == '\0') {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at);
        if (end < 0) {
          throw new PtxException(line, "a comment has no end");
        }
        line += (int) text.substring(at, end).chars().filter(x -> x == '\n').count();
        at = end + 2;
      } else {
        return;
      }
    }
  }
}
