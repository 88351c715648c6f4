package engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Nothing that the build, CI or a script fetches floats; {@code docs/pinned.md} lists it all. */
final class PinnedTest {
  /** What a build of this project can run without naming it. */
  private static final List<String> LIFE_CYCLE =
      List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site");

  private static final Pattern FIXED = Pattern.compile("\\$\\{[\\w.]+\\}|\\d[\\w.-]*");
  private static final Pattern PINNED =
      Pattern.compile("[a-z][a-z0-9-]*==\\d[\\w.]*( --hash=sha256:[0-9a-f]{64})*");
  private static final Pattern PIP = Pattern.compile("\\bpip3? (install|download)\\b(.*)");

  @Test
  void everyPluginAndLibraryOfTheBuildHasAFixedVersion() throws Exception {
    Element pom =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile())
            .getDocumentElement();
    Set<String> named = new TreeSet<>();
    Set<String> versioned = new TreeSet<>();
    for (String kind : List.of("plugin", "dependency", "path", "artifactItem", "extension")) {
      NodeList found = pom.getElementsByTagName(kind);
      for (int i = 0; i < found.getLength(); i++) {
        String artifact = child(found.item(i), "artifactId");
        named.add(artifact);
        String version = child(found.item(i), "version");
        if (version != null) {
          assertTrue(isFixed(version), artifact + " has the version " + version);
          versioned.add(artifact);
        }
      }
    }
    assertEquals(versioned, named, "with a version somewhere");
    for (String plugin : LIFE_CYCLE) {
      assertTrue(versioned.contains("maven-" + plugin + "-plugin"), plugin + " has no version");
    }
  }

  @Test
  void mavenItselfIsCheckedByItsHash() throws IOException {
    String wrapper = read(Path.of(".mvn/wrapper/maven-wrapper.properties"));
    assertTrue(
        Pattern.compile("(?m)^distributionUrl=\\S+/apache-maven-\\d[\\d.]*-bin\\.zip$")
            .matcher(wrapper)
            .find());
    assertTrue(Pattern.compile("(?m)^distributionSha256Sum=[0-9a-f]{64}$").matcher(wrapper).find());
  }

  @Test
  void everyPythonPackageIsOfOneVersion() throws IOException {
    List<Path> lists = files(Path.of("bench")).filter(p -> p.endsWith("requirements.txt")).toList();
    assertFalse(lists.isEmpty());
    for (Path list : lists) {
      for (String line : read(list).lines().filter(l -> !l.isBlank()).toList()) {
        assertTrue(line.startsWith("#") || isPinned(line), list + ": " + line);
      }
    }
    String vendor = read(Path.of("bench/gpu/requirements.txt"));
    assertTrue(vendor.lines().filter(l -> !l.startsWith("#")).allMatch(l -> l.contains("--hash")));
  }

  @Test
  void scriptsInstallWhatAListPins() throws IOException {
    List<String> floating = new ArrayList<>();
    List<Path> scripts =
        Stream.of(files(Path.of("bench")), files(Path.of(".ci")), Stream.of(Path.of("check")))
            .flatMap(s -> s)
            .filter(p -> !p.toString().contains("results"))
            .toList();
    assertTrue(scripts.contains(Path.of(".ci/run")));
    for (Path script : scripts) {
      String text = read(script).replaceAll("\\\\\\n\\s*", "");
      for (String line : text.lines().toList()) {
        Matcher m = PIP.matcher(line);
        if (!line.strip().startsWith("#") && m.find() && installsFloating(m.group(2))) {
          floating.add(script + ": " + line.strip());
        }
      }
    }
    assertEquals(List.of(), floating);
  }

  @Test
  void theTestTellsWhatFloats() {
    assertFalse(isFixed("LATEST"));
    assertFalse(isFixed("[1.0,2.0)"));
    assertFalse(isFixed("1.0-SNAPSHOT"));
    assertFalse(isPinned("torch"));
    assertFalse(isPinned("torch>=2"));
    assertFalse(isPinned("torch==2.*"));
    assertTrue(installsFloating(" --quiet torch"));
    assertTrue(installsFloating(" --no-deps 'nvidia-cudnn-cu13>=9.8'"));
    assertFalse(installsFloating(" --no-deps openvino==2026.4.1"));
    assertFalse(installsFloating(" --quiet -r requirements.txt"));
  }

  private static boolean isFixed(String version) {
    return FIXED.matcher(version).matches() && !version.endsWith("SNAPSHOT");
  }

  private static boolean isPinned(String requirement) {
    return PINNED.matcher(requirement.strip()).matches();
  }

  /**
   * Whether a word of a pip command, up to the end of the command, is a package with no version.
   */
  private static boolean installsFloating(String arguments) {
    String command = arguments.split("[;|&>]|\\d>")[0];
    boolean value = false;
    for (String word : command.strip().split("\\s+")) {
      boolean isValue = value;
      value = word.matches("-r|--target|--platform|--only-binary|--dest|-d|--prefix|-f|--python");
      String bare = word.replaceAll("[\"']", "");
      if (!isValue
          && !bare.startsWith("-")
          && !bare.isBlank()
          && !bare.matches(".*==[\\w.]+|\\$.*")) {
        return true;
      }
    }
    return false;
  }

  private static String child(Node parent, String name) {
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n.getNodeName().equals(name)) {
        return n.getTextContent().strip();
      }
    }
    return null;
  }

  private static Stream<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
