package engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

  private void download(String sha256) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/w.pth");
    new Download(url, target, sha256, CONTENT.length, (_, _) -> {}).run();
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
    Catalogue.Entry e =
        new Catalogue.Entry(
            "net.v1",
            "net",
            true,
            URI.create("http://127.0.0.1:1/w.pth"),
            hash(),
            0.3,
            1,
            "",
            null,
            null,
            "torchvision");
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
