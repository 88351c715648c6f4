package engine.cli;

import engine.base.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * A pattern of names that the shell has left as it is, since it was in quotes or fitted nothing:
 * {@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}} within a name, {@code **} across folders.
 */
final class PathPattern {
  private PathPattern() {}

  static boolean is(Path p) {
    return p.toString().matches("(?s).*[*?\\[{].*");
  }

  /**
   * What fits it, sorted by name. As in a shell, names that begin with a dot fit only a pattern
   * that does.
   *
   * @throws UserError if nothing does, or it is no pattern
   */
  static List<Path> find(Path pattern) throws IOException {
    int fixed = 0;
    while (!is(pattern.getName(fixed))) {
      fixed++;
    }
    Path root = pattern.getRoot();
    Path named = fixed == 0 ? null : pattern.subpath(0, fixed);
    Path base = root == null ? named : named == null ? root : root.resolve(named);
    Path rest = pattern.subpath(fixed, pattern.getNameCount());
    int depth = rest.toString().contains("**") ? Integer.MAX_VALUE : rest.getNameCount();
    Path from = base == null ? Path.of("") : base;
    if (!Files.isDirectory(from)) {
      throw new UserError("there is no folder %s, where %s looks".formatted(from, pattern));
    }
    boolean dots = rest.toString().matches("(?s)(.*/)?\\..*");
    try (Stream<Path> all = Files.walk(from, depth, FileVisitOption.FOLLOW_LINKS)) {
      PathMatcher matcher = matcher(rest);
      List<Path> found =
          all.filter(p -> !p.equals(from))
              .map(p -> base == null ? p : base.relativize(p))
              .filter(p -> matcher.matches(p) && (dots || !isHidden(p)))
              .map(p -> base == null ? p : base.resolve(p))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new UserError("no file fits %s: check the pattern".formatted(pattern));
      }
      return found;
    } catch (PatternSyntaxException e) {
      throw new UserError(
          "there is no file %s, and it is no pattern of names: check the name".formatted(pattern),
          e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Of {@code **}, which may stand for no folder at all, too. */
  private static PathMatcher matcher(Path rest) {
    String glob = rest.toString();
    String both = glob.contains("{") ? glob : glob.replace("**/", "{**/,}");
    return rest.getFileSystem().getPathMatcher("glob:" + both);
  }

  private static boolean isHidden(Path p) {
    for (Path name : p) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
