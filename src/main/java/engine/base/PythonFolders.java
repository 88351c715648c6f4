package engine.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where this machine's Python environments keep what pip installed, found by looking at paths and
 * {@code pyvenv.cfg}: no Python is ever started.
 */
public final class PythonFolders {
  /**
   * An environment.
   *
   * @param prefix the folder that holds its {@code bin} and {@code lib}
   * @param origin how it was found, to follow "from": {@code VIRTUAL_ENV}
   */
  public record Prefix(Path prefix, String origin) {}

  private static final Pattern NUMBER = Pattern.compile("\\d+|\\D+");

  private final Map<String, String> environment;
  private final Path root;

  /**
   * @param root stands for {@code /} where folders of the system are meant
   */
  public PythonFolders(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  /**
   * The environments that are here, in the order in which they are asked for a package: the active
   * one, that of the {@code python3} on the path, conda's, the user's own, the system's.
   */
  public List<Prefix> prefixes() {
    List<Prefix> out = new ArrayList<>();
    Path active = folder("VIRTUAL_ENV");
    if (active != null) {
      out.add(new Prefix(active, "VIRTUAL_ENV"));
      base(active).ifPresent(p -> out.add(new Prefix(p, "the Python under VIRTUAL_ENV")));
    }
    out.addAll(ofPython());
    Path conda = folder("CONDA_PREFIX");
    if (conda != null) {
      out.add(new Prefix(conda, "CONDA_PREFIX"));
    }
    Path user = folder("PYTHONUSERBASE");
    Path home = folder("HOME");
    if (user != null) {
      out.add(new Prefix(user, "PYTHONUSERBASE"));
    } else if (home != null) {
      out.add(new Prefix(home.resolve(".local"), "the user's own packages"));
    }
    // Debian's Python has the prefix /usr, and pip puts packages under /usr/local.
    for (String system : List.of("usr/local", "usr")) {
      out.add(new Prefix(root.resolve(system), "the system's Python"));
    }
    Set<Path> seen = new LinkedHashSet<>();
    return out.stream().filter(p -> isPrefix(p.prefix()) && seen.add(p.prefix())).toList();
  }

  /**
   * The folders of an environment's packages that are here, such as {@code
   * lib/python3.12/site-packages}; those of the newest Python first.
   */
  public static List<Path> packages(Path prefix) {
    List<Path> out = new ArrayList<>();
    for (String lib : List.of("lib", "lib64")) {
      for (Path python : newestFirst(prefix.resolve(lib), "python3*")) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          Path p = python.resolve(packages);
          if (Files.isDirectory(p)) {
            out.add(p);
          }
        }
      }
    }
    return out;
  }

  /**
   * Matching entries of a folder by the numbers in their names, the highest first: 3.12 before 3.9.
   * None where there is no folder.
   */
  public static List<Path> newestFirst(Path folder, String glob) {
    List<Path> out = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, glob)) {
        files.forEach(out::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    out.sort(Comparator.comparing(PythonFolders::padded).reversed());
    return out;
  }

  /** The name with its numbers written out long, so that text order is theirs. */
  private static String padded(Path p) {
    StringBuilder out = new StringBuilder();
    Matcher m = NUMBER.matcher(p.getFileName().toString());
    while (m.find()) {
      String part = m.group();
      boolean number = Character.isDigit(part.charAt(0));
      out.append(number ? "0".repeat(Math.max(0, 12 - part.length())) + part : part);
    }
    return out.toString();
  }

  /** Of the first {@code python3} on the path: its environment, and the one that is under it. */
  private List<Prefix> ofPython() {
    String path = environment.getOrDefault("PATH", "");
    Path python =
        Arrays.stream(path.split(":"))
            .filter(p -> p.startsWith("/"))
            .map(p -> Path.of(p, "python3"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (python == null || python.getParent().getParent() == null) {
      return List.of();
    }
    String origin = "the Python " + python;
    Path prefix = python.getParent().getParent();
    List<Prefix> out = new ArrayList<>();
    if (Files.isRegularFile(prefix.resolve("pyvenv.cfg"))) {
      out.add(new Prefix(prefix, origin));
      base(prefix).ifPresent(p -> out.add(new Prefix(p, origin)));
      return out;
    }
    if (prefix.endsWith(".pyenv") || Files.isDirectory(prefix.resolve("versions"))) {
      // pyenv's python3 is a script that chooses one of these.
      String version = environment.getOrDefault("PYENV_VERSION", read(prefix.resolve("version")));
      out.add(new Prefix(prefix.resolve("versions").resolve(firstLine(version)), origin));
    }
    out.add(new Prefix(prefix, origin));
    try {
      Path real = python.toRealPath();
      if (real.getParent().getParent() != null) {
        out.add(new Prefix(real.getParent().getParent(), origin));
      }
    } catch (IOException e) {
      // a link that leads nowhere: there is no more to look at
    }
    return out;
  }

  /** The environment that a virtual one takes the rest of its packages from, if it does. */
  private static java.util.Optional<Path> base(Path virtual) {
    Path home = null;
    boolean system = false;
    for (String line : read(virtual.resolve("pyvenv.cfg")).lines().toList()) {
      String[] pair = line.split("=", 2);
      if (pair.length == 2 && pair[0].strip().equals("home")) {
        home = path(pair[1].strip());
      } else if (pair.length == 2 && pair[0].strip().equals("include-system-site-packages")) {
        system = pair[1].strip().equalsIgnoreCase("true");
      }
    }
    return java.util.Optional.ofNullable(system && home != null ? home.getParent() : null);
  }

  private static boolean isPrefix(Path p) {
    return Files.isDirectory(p.resolve("lib")) || Files.isDirectory(p.resolve("lib64"));
  }

  private Path folder(String variable) {
    String value = environment.get(variable);
    return value == null || value.isBlank() ? null : path(value);
  }

  /** Null for what is no absolute path. */
  private static Path path(String text) {
    return text.startsWith("/") && text.indexOf('\0') < 0 ? Path.of(text) : null;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip().split(":")[0].replace("/", "");
  }

  private static String read(Path file) {
    try {
      return Files.size(file) > 1 << 16 ? "" : Files.readString(file);
    } catch (IOException | java.io.UncheckedIOException e) {
      return "";
    }
  }
}
