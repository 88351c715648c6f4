package engine.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The one script of a page: uPlot, which draws, and {@code charts.js}, which tells it what. The
 * page's policy names its hash, so that a browser runs this script and no other, whatever a page
 * shows of names from outside.
 */
final class PageScript {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  private PageScript() {}

  /** What stands between the script tags. */
  static String text() {
    return "/* uPlot:\n"
        + read(UPLOT + "LICENSE")
        + "\n*/\n"
        + read(UPLOT + "dist/uPlot.iife.min.js")
        + "\n"
        + read("charts.js");
  }

  /** The library's own looks. */
  static String css() {
    return read(UPLOT + "dist/uPlot.min.css");
  }

  /** The source that a Content-Security-Policy allows, for a script of this text. */
  static String source(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String read(String resource) {
    try (InputStream in = PageScript.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar; build it anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }
}
