package engine.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/**
 * How a picture's file looked when it was answered: another size or time is another picture.
 *
 * @param size in bytes; -1 where it could not be asked
 * @param nanos time of the last change, since 1970
 */
record Stamp(long size, long nanos) {
  private static final Stamp UNKNOWN = new Stamp(-1, -1);

  static Stamp of(Path file) {
    try {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(a.size(), a.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    } catch (IOException e) {
      return UNKNOWN; // it will not be read either
    }
  }

  /** In 62 bits, so that there are numbers left that are none. */
  long digest() {
    return hash(size + " " + nanos) >>> 2;
  }

  /**
   * 64 bits of the SHA-256 of a text, never 0. Among a million names two share them with a chance
   * of 3 in 100 million.
   */
  static long hash(String text) {
    try {
      // As UTF-16: names that are no UTF-8 have halves of surrogate pairs.
      byte[] units = text.getBytes(StandardCharsets.UTF_16BE);
      if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
        ByteBuffer all = ByteBuffer.allocate(2 * text.length());
        text.chars().forEach(c -> all.putChar((char) c));
        units = all.array();
      }
      long key = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(units)).getLong();
      return key == 0 ? 1 : key;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
