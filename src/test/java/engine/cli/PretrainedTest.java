package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import engine.TestPictures;
import engine.tensor.HostTensor;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code engine train --pretrained NAME} with a file that PyTorch wrote, from a server in this
 * process. The command is a process of its own, whose cache folder is empty.
 */
final class PretrainedTest {
  private static final Path WEIGHTS =
      Path.of("src/test/resources/engine/weights/thin_resnet18.pth");
  private static final String SHA256 = "8448cf03881a1a79";
  private static final int BREAKS_AT = 50_000;

  @TempDir Path folder;
  private HttpServer server;
  private Path cache;
  private Path data;

  /** The {@code Range} of every request, or an empty text. */
  private final List<String> ranges = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    cache = Files.createDirectories(folder.resolve("cache/weights")).getParent();
    data = TestPictures.folder(folder.resolve("data"), 6, 32, "a", "b", "c");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The first connection breaks off in the middle. */
  private void answer(HttpExchange e) throws IOException {
    byte[] bytes = Files.readAllBytes(WEIGHTS);
    String range = e.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "" : range);
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from > 0) {
      e.getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/*".formatted(from, bytes.length - 1));
    }
    e.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
    e.getResponseBody().write(bytes, from, from > 0 ? bytes.length - from : BREAKS_AT);
    e.getResponseBody().flush();
    if (from == 0) {
      throw new IOException("the server breaks off"); // which closes the connection
    }
    e.close();
  }

  private void catalogue(String sha256) throws IOException {
    Files.writeString(
        cache.resolve("weights/catalogue.json"),
        """
        {"source": "ours", "weights": [{
          "name": "thin18.ours", "model": "resnet18", "default": false, "licence": "none",
          "url": "http://127.0.0.1:%d/thin_resnet18.pth", "sha256_prefix": "%s", "size_mib": 0.1,
          "accuracy": {"data": "none", "top1": 10, "top5": 50}, "names": "torchvision"}]}
        """
            .formatted(server.getAddress().getPort(), sha256));
  }

  private record Outcome(int code, String said) {}

  private Outcome train(Path run) throws Exception {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("train", "--pretrained", "thin18.ours", "--width", "0.03125"));
    line.addAll(List.of("--data", data.toString(), "--out", run.toString(), "--image-size", "32"));
    line.addAll(
        List.of("--freeze", "layer4", "--frozen-norms", "all", "--epochs", "1", "--batch", "8"));
    line.addAll(List.of("--workers", "1", "--threads", "1"));
    Path log = folder.resolve("log");
    Files.deleteIfExists(log);
    Map<String, String> environment =
        Map.of(
            "ENGINE_CACHE",
            cache.toString(),
            "TORCH_HOME",
            folder.resolve("torch").toString(),
            "no_proxy",
            "127.0.0.1");
    Process p = EngineProcess.start(log, 400, environment, line);
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    return new Outcome(p.exitValue(), Files.readString(log));
  }

  @Test
  void theFileIsFetchedOnceThroughABrokenConnectionAndTrainedFrom() throws Exception {
    catalogue(SHA256);
    Path run = folder.resolve("run");
    Outcome first = train(run);
    assertEquals(0, first.code(), first.said());
    assertEquals(List.of("", "bytes=" + BREAKS_AT + "-"), ranges, "gone on with, not begun anew");
    assertEquals(-1, Files.mismatch(WEIGHTS, cache.resolve("weights/thin_resnet18.pth")));
    assertTrue(first.said().contains("starting from"), first.said());
    assertTrue(first.said().contains("the classifier fc starts afresh"), first.said());

    Map<String, HostTensor> before = WeightsFile.read(WEIGHTS).tensors();
    Map<String, HostTensor> after =
        WeightsFile.read(run.resolve("checkpoints/epoch-0001/model.safetensors")).tensors();
    for (String name : before.keySet()) {
      if (!name.startsWith("fc.") && !name.endsWith("num_batches_tracked")) {
        assertArrayEquals(before.get(name).toFloats(), after.get(name).toFloats(), name);
      }
    }
    assertEquals(3, after.get("fc.bias").shape().dim(0));

    server.stop(0);
    Outcome second = train(folder.resolve("again"));
    assertEquals(0, second.code(), "no network is needed any more: " + second.said());
  }

  @Test
  void anotherFileThanTheCatalogueKnowsIsNotTrainedFrom() throws Exception {
    catalogue("0123456789abcdef");
    Path run = folder.resolve("run");
    Outcome o = train(run);
    assertEquals(1, o.code(), o.said());
    assertTrue(o.said().contains("its SHA-256 does not begin with 0123456789abcdef"), o.said());
    assertFalse(Files.exists(cache.resolve("weights/thin_resnet18.pth")));
    assertFalse(Files.exists(run.resolve("checkpoints")));
  }
}
