package engine.backend.sim.ptx;

import engine.backend.sim.ptx.Lexer.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a PTX module (PTX ISA, chapter 4). Bodies of kernels are read by {@link BodyParser}; debug
 * sections are stepped over, except for {@code .file} and {@code .loc}, which give each instruction
 * its line of CUDA source.
 */
public final class PtxParser {
  private final Tokens tokens;
  private final Map<Integer, String> files;
  private final List<Variable> variables = new ArrayList<>();
  private final Map<String, PtxKernel> kernels = new LinkedHashMap<>();
  private String version = "";
  private String target = "";

  private PtxParser(String ptx) {
    List<Lexer.Token> all = Lexer.tokens(ptx);
    tokens = new Tokens(all);
    files = files(all);
  }

  /**
   * @throws PtxException with the line, where the text is not PTX or calls a function that was not
   *     inlined
   */
  public static PtxModule parse(String ptx) {
    PtxParser p = new PtxParser(ptx);
    while (p.tokens.peek().kind() != Kind.END) {
      p.directive();
    }
    if (p.version.isEmpty()) {
      throw new PtxException(1, "there is no .version: this is not PTX");
    }
    return new PtxModule(p.version, p.target, p.variables, p.kernels, ptx);
  }

  /** The names of source files; they stand at the end of the text, after what refers to them. */
  private static Map<Integer, String> files(List<Lexer.Token> tokens) {
    Map<Integer, String> files = new LinkedHashMap<>();
    for (int i = 0; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).is(".file") && tokens.get(i + 1).kind() == Kind.NUMBER) {
        files.put(Integer.parseInt(tokens.get(i + 1).text()), tokens.get(i + 2).text());
      }
    }
    return files;
  }

  private void directive() {
    switch (tokens.peek().text()) {
      case ".version" -> {
        tokens.next();
        // 9.0 is lexed as a number, a point and a number
        version = tokens.next().text() + tokens.next().text();
      }
      case ".target" -> {
        tokens.next();
        target = tokens.word();
        while (tokens.accept(",")) {
          tokens.next();
        }
      }
      case ".address_size", ".file", ".loc" -> tokens.skipLine();
      case ".section" -> {
        tokens.next();
        tokens.next();
        tokens.skipBlock();
      }
      case ".pragma" -> tokens.skipStatement();
      default -> declaration();
    }
  }

  private void declaration() {
    while (tokens.at(".visible") || tokens.at(".extern") || tokens.at(".weak")) {
      tokens.next();
    }
    switch (tokens.peek().text()) {
      case ".entry" -> kernel();
      case ".func" -> function();
      case ".global", ".const", ".shared" -> variables.addAll(new VariableParser(tokens).parse());
      default -> throw tokens.wrong("a directive");
    }
  }

  private void kernel() {
    tokens.expect(".entry");
    String name = tokens.word();
    List<Variable> parameters = new ArrayList<>();
    if (tokens.accept("(")) {
      while (!tokens.accept(")")) {
        parameters.add(new VariableParser(tokens).parameter());
        tokens.accept(",");
      }
    }
    Map<String, List<Integer>> limits = new LinkedHashMap<>();
    while (!tokens.at("{")) {
      String limit = tokens.word().substring(1);
      List<Integer> values = new ArrayList<>();
      while (tokens.peek().kind() == Kind.NUMBER) {
        values.add((int) tokens.integer());
        tokens.accept(",");
      }
      limits.put(limit, values);
    }
    kernels.put(name, new BodyParser(tokens, files).parse(name, parameters, limits));
  }

  /**
   * Functions that are called are not implemented: NVRTC inlines what the kernels here call. The
   * declaration alone (of {@code vprintf}, for instance) does no harm.
   */
  private void function() {
    while (!tokens.at("{") && !tokens.at(";")) {
      tokens.next();
    }
    if (tokens.at("{")) {
      tokens.skipBlock();
    } else {
      tokens.next();
    }
  }
}
