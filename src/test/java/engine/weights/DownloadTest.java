package engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import engine.base.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads, against a server in this process. */
final class DownloadTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path folder;
  private HttpServer server;
  private Path target;

  /** The {@code Range} of every request, or an empty text. */
  private final List<String> ranges = new CopyOnWriteArrayList<>();

  private volatile boolean ranged = true;
  private volatile int breaksAfter = Integer.MAX_VALUE;
  private volatile int status = 200;
  private volatile String location;
  private volatile boolean drips;

  @BeforeEach
  void start() throws IOException {
    target = folder.resolve("sub").resolve("w.pth");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange e) throws IOException {
    String range = e.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "" : range);
    if (location != null) {
      e.getResponseHeaders().add("Location", location);
    }
    if (drips) {
      drip(e);
      return;
    }
    if (status != 200) {
      e.sendResponseHeaders(status, -1);
      e.close();
      return;
    }
    int from = range == null || !ranged ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from >= CONTENT.length) {
      e.sendResponseHeaders(416, -1);
      e.close();
      return;
    }
    if (from > 0) {
      e.getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/*".formatted(from, CONTENT.length - 1));
    }
    e.sendResponseHeaders(from > 0 ? 206 : 200, CONTENT.length - from);
    int n = Math.min(breaksAfter, CONTENT.length - from);
    breaksAfter = Integer.MAX_VALUE;
    e.getResponseBody().write(CONTENT, from, n);
    e.getResponseBody().flush();
    if (n == CONTENT.length - from) {
      e.close();
    } else {
      throw new IOException("the server breaks off"); // which closes the connection
    }
  }

  /** A byte now and then, for ever. */
  private static void drip(HttpExchange e) throws IOException {
    e.sendResponseHeaders(200, CONTENT.length);
    try {
      while (true) {
        e.getResponseBody().write(1);
        e.getResponseBody().flush();
        Thread.sleep(20);
      }
    } catch (InterruptedException x) {
      Thread.currentThread().interrupt();
    }
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/w.pth");
  }

  private void download(String sha256) throws IOException {
    new Download(url(), target, sha256, CONTENT.length, (_, _) -> {}).run();
  }

  private String hash() throws IOException {
    Path p = Files.write(folder.resolve("content"), CONTENT);
    return Sha256.of(p).substring(0, 8);
  }

  @Test
  void aFileComesWholeAndLeavesNothingElse() throws IOException {
    download(hash());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertFalse(Files.exists(target.resolveSibling("w.pth.part")));
  }

  @Test
  void aBrokenConnectionIsGoneOnWith() throws IOException {
    breaksAfter = 100_000;
    download(hash());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertEquals(2, ranges.size(), ranges.toString());
    assertTrue(ranges.getLast().startsWith("bytes="), ranges.toString());
  }

  @Test
  void whatAnEarlierTryLeftIsGoneOnWith() throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target.resolveSibling("w.pth.part"), Arrays.copyOf(CONTENT, 1234));
    download(hash());
    assertEquals(List.of("bytes=1234-"), ranges);
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void aServerWithoutRangesSendsItAgain() throws IOException {
    ranged = false;
    Files.createDirectories(target.getParent());
    Files.write(target.resolveSibling("w.pth.part"), new byte[5000]);
    download(hash());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void aPartOfAnotherFileIsThrownAway() throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target.resolveSibling("w.pth.part"), new byte[5000]);
    download(hash());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void aWrongHashLeavesNoFile() {
    UserError e = assertThrows(UserError.class, () -> download("00000000"));
    assertTrue(e.getMessage().contains("SHA-256"), e.getMessage());
    assertFalse(Files.exists(target));
    assertFalse(Files.exists(target.resolveSibling("w.pth.part")));
  }

  @Test
  void anErrorOfTheServerIsSaid() {
    status = 404;
    UserError e = assertThrows(UserError.class, () -> download("00000000"));
    assertTrue(e.getMessage().contains("answered 404"), e.getMessage());
  }

  @Test
  void aServerThatOnlyDripsIsGivenUp() {
    drips = true;
    Download d =
        new Download(
            url(), target, "0".repeat(8), CONTENT.length, Duration.ofMillis(300), (_, _) -> {});
    UserError e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> assertThrows(UserError.class, d::run));
    assertTrue(e.getMessage().contains("brought too little 4 times"), e.getMessage());
    assertFalse(Files.exists(target));
  }

  @Test
  void aRedirectToAnotherKindOfAddressIsNotFollowed() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), CONTENT);
    for (String to :
        List.of(secret.toUri().toString(), "ftp://127.0.0.1/w.pth", "jar:file:/x!/y")) {
      location = to;
      status = 302;
      UserError e = assertThrows(UserError.class, () -> download(hash()));
      assertTrue(e.getMessage().contains("sends on to " + to), e.getMessage());
      assertFalse(Files.exists(target));
    }
  }

  @Test
  void aRedirectThatGoesRoundEndsInASentence() {
    location = url().toString();
    status = 302;
    assertThrows(UserError.class, () -> download("00000000"));
  }

  @Test
  void aLinkInThePlaceOfThePartIsNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    Files.createDirectories(target.getParent());
    Files.createSymbolicLink(target.resolveSibling("w.pth.part"), victim);
    assertThrows(IOException.class, () -> download(hash()));
    assertEquals("precious", Files.readString(victim));
  }

  private static Catalogue.Entry entry(String url, String sha256) {
    return new Catalogue.Entry(
        "net.v1", "net", true, URI.create(url), sha256, 0.3, 1, "", null, null, "torchvision");
  }

  @Test
  void withoutHttpsTheWholeHashMustBeKnown() throws IOException {
    WeightsStore store = new WeightsStore(folder, null);
    UserError e =
        assertThrows(
            UserError.class,
            () -> store.fetch(entry("http://mirror.invalid/w.pth", "01234567"), (_, _) -> {}));
    assertTrue(e.getMessage().contains("only 8 of 64 digits"), e.getMessage());
    e =
        assertThrows(
            UserError.class,
            () -> store.fetch(entry("http://mirror.invalid/w.pth", "0".repeat(64)), (_, _) -> {}));
    assertTrue(e.getMessage().contains("cannot be reached"), e.getMessage());
  }

  @Test
  void theWholeHashIsComparedWhereItIsKnown() throws IOException {
    String whole = Sha256.of(Files.write(folder.resolve("content"), CONTENT));
    String other = whole.substring(0, 63) + (whole.endsWith("0") ? "1" : "0");
    assertThrows(UserError.class, () -> download(other));
    download(whole);
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void aMirrorIsAnAddressOfTheWeb() {
    for (String mirror : List.of("file:///etc", "ftp://x/y", "mailto:me", "weights", "https:x")) {
      WeightsStore store = new WeightsStore(folder, URI.create(mirror));
      UserError e =
          assertThrows(
              UserError.class,
              () -> store.fetch(entry("https://x/w.pth", "01234567"), (_, _) -> {}));
      assertTrue(e.getMessage().contains("--mirror"), e.getMessage());
    }
  }

  private Catalogue catalogue(String url, String hash, String size) throws IOException {
    return Catalogue.with(
        Files.writeString(
            folder.resolve("catalogue.json"),
            "{\"weights\": [{\"name\": \"a\", \"model\": \"b\", \"url\": \"%s\", %s, \"size_mib\": %s}]}"
                .formatted(url, hash, size)));
  }

  @Test
  void aCatalogueOfOnesOwnIsReadWithSuspicion() throws IOException {
    String prefix = "\"sha256_prefix\": \"0123abcd\"";
    String whole = "\"sha256\": \"%s\"".formatted("0123ABCD".repeat(8));
    assertEquals("w.pth", catalogue("https://x/y/w.pth", prefix, "1").find("a").file());
    assertEquals("0123abcd".repeat(8), catalogue("http://x/w.pth", whole, "1").find("a").sha256());
    for (String url :
        List.of(
            "file:///etc/passwd",
            "jar:file:/a.jar!/w.pth",
            "ftp://x/w.pth",
            "mailto:a@b",
            "w.pth",
            "https:///w.pth",
            "https://x",
            "https://x/",
            "https://x/..",
            "https://x/.bashrc",
            "https://x/%2e%2e",
            "https://x/a%0ab",
            "https://x/a%2fb/..%2f..",
            "https://x/catalogue.json")) {
      assertRefused(url, prefix, "1");
    }
    for (String hash :
        List.of(
            "\"sha256_prefix\": \"\"",
            "\"sha256_prefix\": \"0123abc\"",
            "\"sha256_prefix\": \"0123xyzq\"",
            "\"sha256\": \"%s\"".formatted("0".repeat(65)),
            "\"x\": 1")) {
      assertRefused("https://x/w.pth", hash, "1");
    }
    for (String size : List.of("-1", "1e300", "NaN", "\"large\"", "[]")) {
      assertRefused("https://x/w.pth", prefix, size);
    }
    for (String more :
        List.of(
            ", \"defualt\": true",
            ", \"sha256\": \"" + "0".repeat(64) + "\", \"size\": 3",
            ", \"accuracy\": {\"top-1\": 80}",
            ", \"preprocessing\": {\"crops\": 224}")) {
      assertRefused("https://x/w.pth", prefix + more, "1");
    }
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"weight\": []}",
            "{\"weights\": [null]}",
            "[".repeat(100_000))) {
      Path own = Files.writeString(folder.resolve("catalogue.json"), text);
      UserError e = assertThrows(UserError.class, () -> Catalogue.with(own), text);
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  private void assertRefused(String url, String hash, String size) {
    UserError e =
        assertThrows(UserError.class, () -> catalogue(url, hash, size), url + hash + size);
    assertTrue(e.getMessage().contains("is no catalogue of weights"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void theEnvironmentNamesTheProxyAndItsExceptions() {
    var proxies =
        new EnvironmentProxies(
            Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", "localhost,.inner"));
    Proxy p = proxies.select(URI.create("https://example.org/x")).getFirst();
    assertEquals(InetSocketAddress.createUnresolved("proxy", 3128), p.address());
    for (String direct : List.of("https://localhost/x", "https://a.inner/x")) {
      assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create(direct)), direct);
    }
  }

  @Test
  void aFileThatIsHereNeedsNoNetwork() throws IOException {
    Catalogue.Entry e = entry("http://127.0.0.1:1/w.pth", hash());
    Files.write(folder.resolve("w.pth"), CONTENT);
    WeightsStore store = new WeightsStore(folder, null);
    assertEquals(folder.resolve("w.pth"), store.fetch(e, (_, _) -> {}));
  }

  @Test
  void theCatalogueKnowsAModelByItsNameAlone() {
    Catalogue c = Catalogue.standard();
    assertEquals("resnet50.v2", c.find("resnet50").name());
    assertTrue(c.find("resnet50.v1").file().contains(c.find("resnet50.v1").sha256()));
    assertThrows(UserError.class, () -> c.find("resnet51"));
  }
}
