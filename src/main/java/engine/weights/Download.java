package engine.weights;

import engine.base.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file over HTTP: into {@code NAME.part}, which a later try goes on with, then checked against
 * its hash, fsynced and renamed, so that a file under its own name is always a whole one.
 *
 * <p>It ends whatever the server does: what is much larger than it should be is refused, and a
 * connection that brings less than {@link #LEAST_BYTES} in a {@link #SILENCE} is given up.
 */
final class Download {
  private static final int TRIES = 4;
  private static final Duration CONNECT = Duration.ofSeconds(20);

  /** A server that does not answer, or sends too little, for so long is given up. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  /** Half of what the slowest telephone line brings. */
  static final long LEAST_BYTES = 128 << 10;

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final URI url;
  private final Path target;
  private final Path part;
  private final String sha256;
  private final long mostBytes;
  private final Duration silence;
  private final WeightsStore.Progress progress;

  /**
   * @param sha256 the file's SHA-256 or its first digits, in lower case
   * @param bytes about how large the file is; a much larger one is not read
   */
  Download(URI url, Path target, String sha256, long bytes, WeightsStore.Progress progress) {
    this(url, target, sha256, bytes, SILENCE, progress);
  }

  /**
   * @param silence how long a connection may bring too little
   */
  Download(
      URI url,
      Path target,
      String sha256,
      long bytes,
      Duration silence,
      WeightsStore.Progress progress) {
    this.url = url;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.sha256 = sha256;
    this.mostBytes = 2 * bytes + (1 << 20);
    this.silence = silence;
    this.progress = progress;
  }

  /**
   * @throws UserError if the file cannot be had, in one sentence
   */
  void run() throws IOException {
    Files.createDirectories(target.getParent());
    try (FileChannel out =
            FileChannel.open(
                part,
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-r--r--")));
        FileLock lock = lock(out)) {
      if (lock == null) {
        throw new UserError("another process is fetching " + target + ": wait until it ends");
      }
      boolean resumed = out.size() > 0;
      receive(out);
      if (!isRight() && resumed) {
        out.truncate(0); // what was there may have been of another file
        receive(out);
      }
      if (!isRight()) {
        Files.deleteIfExists(part);
        throw new UserError(
            "what %s sent is not the file that it should be (its SHA-256 does not begin with %s): try again, or fetch it elsewhere and put it at %s"
                .formatted(url.getHost(), sha256, target));
      }
      out.force(true);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    AtomicFiles.fsyncFolder(target.toAbsolutePath().getParent());
  }

  private static FileLock lock(FileChannel out) throws IOException {
    try {
      return out.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private boolean isRight() throws IOException {
    return Sha256.of(part).startsWith(sha256);
  }

  /** Fetches what is missing, going on where a connection broke off. */
  private void receive(FileChannel out) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(new EnvironmentProxies(System.getenv()))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT)
            .build()) {
      for (int i = 1; ; i++) {
        try {
          request(client, out);
          return;
        } catch (ConnectException | UnknownHostException | HttpTimeoutException e) {
          throw unreachable(e);
        } catch (EOFException e) {
          if (i == TRIES) {
            throw new UserError(
                "the connection to %s broke off or brought too little %d times; %,d bytes are kept, so try again"
                    .formatted(url.getHost(), TRIES, out.size()),
                e);
          }
        }
      }
    }
  }

  private UserError unreachable(IOException e) {
    return new UserError(
        "%s cannot be reached: check the network and https_proxy, or fetch %s elsewhere and put it at %s"
            .formatted(url.getHost(), url, target),
        e);
  }

  private void request(HttpClient client, FileChannel out) throws IOException {
    long have = out.size();
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(silence);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ConnectException | UnknownHostException | HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    }
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      if (status == RANGE_NOT_SATISFIABLE && have > 0) {
        return; // all of it is there already; the hash will tell
      }
      boolean goesOn =
          status == PARTIAL
              && response
                  .headers()
                  .firstValue("Content-Range")
                  .orElse("")
                  .startsWith("bytes " + have + "-");
      Optional<String> elsewhere = response.headers().firstValue("Location");
      if (status / 100 == 3 && elsewhere.isPresent()) {
        throw new UserError(
            "%s sends on to %s, where nothing is fetched from: fetch it elsewhere and put it at %s"
                .formatted(url.getHost(), elsewhere.get(), target));
      }
      if (status != OK && !goesOn) {
        throw new UserError("%s answered %d for %s".formatted(url.getHost(), status, url));
      }
      if (!goesOn) {
        out.truncate(0);
      }
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = length < 0 ? -1 : out.size() + length;
      refuseLarge(total);
      copy(body, out, total);
    }
  }

  private void copy(InputStream body, FileChannel out, long total) throws IOException {
    byte[] buffer = new byte[1 << 16];
    out.position(out.size());
    try (Watchdog watchdog = new Watchdog(body, silence)) {
      while (true) {
        int n;
        try {
          n = body.read(buffer);
        } catch (IOException e) {
          throw broken(e);
        }
        if (n < 0) {
          break;
        }
        watchdog.came(n);
        AtomicFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, n));
        refuseLarge(out.position());
        progress.at(out.position(), total);
      }
    } catch (ClosedChannelException e) {
      throw broken(e);
    }
    if (total >= 0 && out.position() < total) {
      throw new EOFException("the connection ended early");
    }
  }

  private void refuseLarge(long bytes) {
    if (bytes > mostBytes) {
      throw new UserError(
          "%s sends far more than %s should have: fetch it elsewhere and put it at %s"
              .formatted(url.getHost(), target.getFileName(), target));
    }
  }

  private static EOFException broken(IOException e) {
    EOFException eof = new EOFException(String.valueOf(e.getMessage()));
    eof.initCause(e);
    return eof;
  }

  /** Closes a stream from which too little comes for too long, so that its reader fails. */
  private static final class Watchdog implements AutoCloseable {
    private final Thread thread;
    private final AtomicLong bytes = new AtomicLong();

    Watchdog(InputStream body, Duration silence) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      do {
                        bytes.set(0);
                        Thread.sleep(silence);
                      } while (bytes.get() >= LEAST_BYTES);
                      body.close();
                    } catch (InterruptedException | IOException e) {
                      // the download is over, or over anyway
                    }
                  });
    }

    void came(int n) {
      bytes.addAndGet(n);
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
