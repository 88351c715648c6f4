package engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The jar holds the licence of everything in it. */
class LicencesTest {
  private static final String FOLDER = "/META-INF/licenses/";

  /** Groups whose jars are for tests and not shaded. */
  private static final Set<String> OF_TESTS =
      Set.of(
          "com/microsoft/onnxruntime",
          "com/tngtech/archunit",
          "net/sf/jopt-simple",
          "org/apache/commons",
          "org/apiguardian",
          "org/jspecify",
          "org/junit",
          "org/openjdk/jmh",
          "org/opentest4j",
          "org/slf4j");

  /** A line of the list. */
  private record Component(String artifact, String what, String licence, List<String> texts) {}

  private static String resource(String name) throws IOException {
    try (InputStream in = LicencesTest.class.getResourceAsStream(FOLDER + name)) {
      assertNotNull(in, FOLDER + name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Component> components() throws IOException {
    return resource("COMPONENTS")
        .lines()
        .filter(l -> !l.startsWith("#"))
        .map(l -> l.split(" \\| "))
        .map(p -> new Component(p[0], p[1], p[2], List.of(p[3].split(" "))))
        .toList();
  }

  private static Element pom() throws Exception {
    Document d = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    return d.getDocumentElement();
  }

  private static List<Element> children(Element e, String name) {
    List<Element> out = new ArrayList<>();
    for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element child && child.getTagName().equals(name)) {
        out.add(child);
      }
    }
    return out;
  }

  private static String text(Element e, String name) {
    List<Element> found = children(e, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
  }

  @Test
  void everyDependencyIsListedInTheVersionThatIsShaded() throws Exception {
    Element pom = pom();
    Element properties = children(pom, "properties").getFirst();
    Set<String> listed = components().stream().map(Component::artifact).collect(Collectors.toSet());
    int shaded = 0;
    for (Element d : children(children(pom, "dependencies").getFirst(), "dependency")) {
      if (!text(d, "scope").equals("test")) {
        String version = text(d, "version");
        if (version.startsWith("${")) {
          version = text(properties, version.substring(2, version.length() - 1));
        }
        String artifact = text(d, "groupId") + ":" + text(d, "artifactId") + ":" + version;
        assertTrue(listed.contains(artifact), artifact + " is not in COMPONENTS");
        shaded++;
      }
    }
    assertTrue(shaded >= 8, shaded + " dependencies");
  }

  @Test
  void whatDependenciesBringAlongIsListedToo() throws IOException {
    Set<String> listed =
        components().stream()
            .map(Component::artifact)
            .collect(Collectors.toCollection(TreeSet::new));
    Pattern inRepository = Pattern.compile(".*/repository/(.+)/([^/]+)/([^/]+)/[^/]+\\.jar");
    int jars = 0;
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Matcher m = inRepository.matcher(jar);
      if (m.matches() && OF_TESTS.stream().noneMatch(m.group(1)::startsWith)) {
        String artifact = m.group(1).replace('/', '.') + ":" + m.group(2) + ":" + m.group(3);
        boolean compiler = artifact.startsWith("org.bytedeco:cuda-redist:"); // profile cuda
        assertTrue(compiler || listed.contains(artifact), artifact + " is not in COMPONENTS");
        jars++;
      }
    }
    assertTrue(jars >= 9, jars + " jars");
  }

  @Test
  void everyTextIsThereAndEveryTextIsUsed() throws Exception {
    Set<String> named = new TreeSet<>();
    for (Component c : components()) {
      for (String name : c.texts()) {
        assertTrue(resource(name).length() > 600, name);
        named.add(name);
      }
    }
    try (Stream<Path> files = Files.list(Path.of("src/main/resources" + FOLDER))) {
      Set<String> there =
          files
              .map(f -> f.getFileName().toString())
              .filter(n -> !n.equals("COMPONENTS"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(there, named);
    }
  }

  @Test
  void everySharedLibraryInTheJarIsListed() throws Exception {
    Matcher m = Pattern.compile("<include>[^<]*/(lib[^<]+)</include>").matcher(pomText());
    Set<String> libraries = new TreeSet<>();
    while (m.find()) {
      libraries.add(m.group(1));
    }
    assertEquals(
        Set.of("libdnnl.so.3", "libgomp.so.1", "libleptonica.so.6", "libzstd.so"), libraries);
    for (String l : libraries) {
      assertTrue(components().stream().anyMatch(c -> c.what().contains("(" + l + ")")), l);
    }
  }

  @Test
  void theVersionsNamedAreThoseInTheLibrary() throws IOException {
    String library = library("/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6");
    String listed = components().stream().map(Component::what).collect(Collectors.joining("\n"));
    for (String[] v :
        new String[][] {
          {"libtiff ", "LIBTIFF, Version "},
          {"libpng ", "libpng version "},
          {"libjpeg-turbo ", "libjpeg-turbo version "},
          {"zlib ", " inflate "}
        }) {
      Matcher m = Pattern.compile(v[1] + "([0-9]+\\.[0-9.]+)").matcher(library);
      assertTrue(m.find(), v[1]);
      assertTrue(listed.contains(v[0] + m.group(1)), v[0] + m.group(1));
    }
    Matcher zstd =
        Pattern.compile("\0([0-9]\\.[0-9]+\\.[0-9]+)\0")
            .matcher(library("/aircompressor/linux-amd64/libzstd.so"));
    assertTrue(zstd.find(), "libzstd names its version");
    assertTrue(listed.contains("Zstandard " + zstd.group(1) + " "), zstd.group(1));
  }

  private static String library(String resource) throws IOException {
    try (InputStream in = LicencesTest.class.getResourceAsStream(resource)) {
      assertNotNull(in, resource);
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void theProjectsOwnLicenceGoesIntoTheJar() throws Exception {
    assertEquals(Files.readString(Path.of("LICENSE")), resource("Apache-2.0.txt"));
    assertTrue(Files.readString(Path.of("NOTICE")).contains("Independent JPEG Group"));
    Element licence = children(children(pom(), "licenses").getFirst(), "license").getFirst();
    assertEquals("Apache-2.0", text(licence, "name"));
    Matcher m =
        Pattern.compile("<targetPath>META-INF</targetPath>(?s:.*?)</resource>").matcher(pomText());
    assertTrue(m.find());
    for (String name : List.of("LICENSE", "NOTICE")) {
      assertTrue(m.group().contains("<include>" + name + "</include>"), name);
    }
  }

  private static String pomText() throws IOException {
    return Files.readString(Path.of("pom.xml"));
  }
}
