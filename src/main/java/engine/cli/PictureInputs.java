package engine.cli;

import engine.base.FileNames;
import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Which pictures a command answers about: files, folders, patterns that no shell has resolved, one
 * picture on standard input, and lists of names.
 */
final class PictureInputs implements AutoCloseable {
  /** Standard input, as a name of a picture and of a list. */
  static final Path STDIN = Path.of("-");

  /** As a path shows it, with one of the two slashes. */
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):/.*");

  @Parameters(
      paramLabel = "PICTURE",
      arity = "0..*",
      description =
          "Pictures, folders of them, or patterns such as 'shots/*.jpg'; - reads one picture from standard input.")
  private List<Path> named = new ArrayList<>();

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description =
          "Also those that FILE names, one a line (or separated by NUL, as find -print0 does); - reads the names from standard input.")
  private Path list;

  private Path fromStdin;

  /** How many were named on the command line, and whether each is a file. */
  boolean areFewFiles(int few) {
    return list == null && named.size() <= few && named.stream().allMatch(Files::isRegularFile);
  }

  /**
   * The files and folders.
   *
   * @throws UserError if one does not exist, is an address, or a pattern that fits nothing
   */
  List<Path> resolve(CommonOptions common) throws IOException {
    if (named.isEmpty() && list == null) {
      throw common.wrong(
          "PICTURE is missing: name pictures, a folder of them, or a --list of their names");
    }
    if (named.contains(STDIN) && STDIN.equals(list)) {
      throw common.wrong("standard input is a picture or a --list, not both: name one of them -");
    }
    List<Path> out = new ArrayList<>();
    for (Path p : named) {
      if (p.equals(STDIN)) {
        out.add(stdin());
      } else {
        out.addAll(one(p));
      }
    }
    if (list != null) {
      out.addAll(listed());
    }
    return out;
  }

  private static List<Path> one(Path p) throws IOException {
    if (Files.exists(p)) {
      return List.of(p);
    }
    if (ADDRESS.matcher(p.toString()).matches()) {
      String address = p.toString().replaceFirst(":/+", "://");
      throw new UserError(
          "%s is an address, and only files are read: fetch it with curl -LO %s, or pipe it in with curl -sL %s | engine predict … -"
              .formatted(address, address, address));
    }
    if (PathPattern.is(p)) {
      return PathPattern.find(p);
    }
    throw noSuch(p, "the name");
  }

  private static UserError noSuch(Path p, String what) {
    return new UserError(
        Files.isDirectory(p)
            ? "%s is a folder: %s takes a file of names".formatted(p, what)
            : "there is no file %s: check %s%s"
                .formatted(p, what, Suggestion.beside(p, _ -> true)));
  }

  /** A copy of what comes on standard input, since a picture is read more than once. */
  private Path stdin() throws IOException {
    if (fromStdin == null) {
      fromStdin = Files.createTempDirectory("engine-").resolve("stdin");
      try (InputStream in = System.in) {
        Files.write(fromStdin, in.readAllBytes());
      }
      if (Files.size(fromStdin) == 0) {
        throw new UserError(
            "nothing came on standard input: pipe a picture in, as in cat picture.jpg | engine predict … -");
      }
    }
    return fromStdin;
  }

  private List<Path> listed() throws IOException {
    byte[] bytes;
    if (list.equals(STDIN)) {
      try (InputStream in = System.in) {
        bytes = in.readAllBytes();
      }
    } else if (Files.exists(list) && !Files.isDirectory(list)) {
      bytes = Files.readAllBytes(list);
    } else {
      throw noSuch(list, "--list");
    }
    String text = FileNames.text(bytes);
    String[] names = text.split(text.indexOf('\0') >= 0 ? "\0" : "\r?\n");
    List<Path> out = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String name = names[i].startsWith("\ufeff") ? names[i].substring(1) : names[i];
      if (!name.isBlank()) {
        out.add(listed(name, i + 1));
      }
    }
    if (out.isEmpty()) {
      throw new UserError("--list " + list + " names no pictures: write a name a line");
    }
    return out;
  }

  /** Names are those of the folder that the command runs in, or else of the list's own. */
  private Path listed(String name, int line) {
    try {
      Path p = FileNames.path(name);
      if (Files.exists(p)) {
        return p;
      }
      Path beside = list.toAbsolutePath().resolveSibling(p);
      if (!list.equals(STDIN) && Files.exists(beside)) {
        return beside;
      }
    } catch (IllegalArgumentException e) {
      // no name of a file, then
    }
    throw new UserError(
        "there is no file %s, which line %,d of --list %s names".formatted(name, line, list));
  }

  /** What a file is called in an answer. */
  Path shown(Path file) {
    return file.equals(fromStdin) ? STDIN : file;
  }

  boolean readsStdin() {
    return named.contains(STDIN);
  }

  @Override
  public void close() throws IOException {
    if (fromStdin != null) {
      Files.deleteIfExists(fromStdin);
      Files.deleteIfExists(fromStdin.getParent());
    }
  }
}
