package engine.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * A shared library as it lies in the jar.
 *
 * @param crc the jar's checksum, or outside a jar the file's time
 */
record PackedLibrary(String name, URL url, long crc, long size, boolean inJar) {
  /**
   * @throws UncheckedNativeException if the jar has none of that name
   */
  static PackedLibrary find(String folder, String name) {
    URL url = PackedLibrary.class.getResource("/" + folder + "/" + name);
    if (url == null) {
      throw new UncheckedNativeException(
          "the jar holds no " + name + ": build it again with ./engine or mvn package");
    }
    try {
      URLConnection c = url.openConnection();
      if (c instanceof JarURLConnection j) {
        return new PackedLibrary(
            name, url, j.getJarEntry().getCrc(), j.getJarEntry().getSize(), true);
      }
      return new PackedLibrary(name, url, c.getLastModified(), c.getContentLengthLong(), false);
    } catch (IOException e) {
      throw new UncheckedNativeException("cannot read " + name + " in the jar: " + e.getMessage());
    }
  }

  /**
   * Writes it out; returns its SHA-256.
   *
   * @throws UncheckedNativeException if the jar is damaged: Java checks no CRC where it reads one
   */
  byte[] copyTo(OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(url.openStream(), sum)) {
      in.transferTo(new DigestOutputStream(out, digest));
    }
    if (inJar && sum.getValue() != crc) {
      throw new UncheckedNativeException(
          "the jar is damaged (%s in it has another checksum): build it again with ./engine or mvn package"
              .formatted(name));
    }
    return digest.digest();
  }

  byte[] digest() throws IOException {
    return copyTo(OutputStream.nullOutputStream());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
