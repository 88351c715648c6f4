package engine.base;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Names of files as bytes, which is what they are on Linux, and as text that holds every one of
 * them. {@link Path#toString} does not: names in Latin-1, as old zip archives unpack to, have
 * U+FFFD in it, and in the locale C all letters beyond ASCII have.
 *
 * <p>A byte that is no UTF-8 is the half of a surrogate pair U+DC80 to U+DCFF, as in Python's
 * {@code os.fsdecode} (PEP 383): {@code json.loads} of such text is a name that {@code open} takes.
 */
public final class FileNames {
  private static final char ESCAPE = '\udc00';

  private FileNames() {}

  /** The bytes of a path as the system knows it, whatever the locale makes of them. */
  public static byte[] bytes(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (path.isAbsolute()) {
      out.write('/');
    }
    for (int i = 0; i < path.getNameCount(); i++) {
      if (i > 0) {
        out.write('/');
      }
      out.writeBytes(nameBytes(path.getName(i)));
    }
    return out.toByteArray();
  }

  /** A single name: its URI, an absolute one, has all bytes that are not plain as {@code %XX}. */
  private static byte[] nameBytes(Path name) {
    String text = name.toString();
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String uri = name.toUri().getRawPath();
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length(); // a folder has one
    return unescaped(uri.substring(uri.lastIndexOf('/', end - 1) + 1, end));
  }

  private static byte[] unescaped(String uri) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < uri.length(); i++) {
      if (uri.charAt(i) == '%') {
        out.write(Integer.parseInt(uri, i + 1, i + 3, 16));
        i += 2;
      } else {
        out.write(uri.charAt(i));
      }
    }
    return out.toByteArray();
  }

  /** The path as text that {@link #path} makes the same path of. */
  public static String text(Path path) {
    String text = path.toString();
    return isAscii(text) ? text : text(bytes(path));
  }

  /** Bytes as text: UTF-8, and a half of a surrogate pair for each byte that is none. */
  public static String text(byte[] name) {
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length);
    while (true) {
      CoderResult r = utf8.decode(in, out, true);
      if (!r.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < r.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xff)));
      }
      utf8.reset();
    }
  }

  /**
   * The path that {@link #text(Path)} describes.
   *
   * @throws IllegalArgumentException if no file can be called so
   */
  public static Path path(String text) {
    if (isAscii(text)) {
      return Path.of(text);
    }
    StringBuilder uri = new StringBuilder("file:///");
    for (byte b : bytes(text)) {
      if (b == '/' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z') {
        uri.append((char) b);
      } else {
        uri.append('%').append("%02X".formatted(b));
      }
    }
    Path absolute = Path.of(URI.create(uri.toString()));
    return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
  }

  /** The bytes that {@link #text(byte[])} made text of. */
  public static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            cp -> {
              if (cp >= ESCAPE + 0x80 && cp <= ESCAPE + 0xff) {
                out.write(cp);
              } else {
                out.writeBytes(Character.toString(cp).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
