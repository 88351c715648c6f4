package engine.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What C libraries say of damaged pictures names no file, and so nobody is to hear it. */
class NativeMessagesTest {
  /** Decodes damaged pictures of every native decoder; run as a process of its own. */
  static final class Main {
    public static void main(String[] args) {
      byte[] tiff = ReferencePictures.read("rgb_tiff_lzw.tif");
      byte[] webp = ReferencePictures.read("lossy.webp");
      List<byte[]> files =
          List.of(
              ReferencePictures.read("half.jpg"),
              ReferencePictures.read("half_progressive.jpg"),
              ReferencePictures.read("garbage_inside.jpg"),
              ReferencePictures.read("no_eoi.jpg"),
              ReferencePictures.read("header_only.jpg"),
              Arrays.copyOf(webp, webp.length - 30),
              Arrays.copyOf(tiff, tiff.length / 2));
      int read = 0;
      for (byte[] file : files) {
        try {
          ImageDecoder.decode(file, "a", true);
          read++;
        } catch (ImageDecodeException e) {
          // as it should be
        }
      }
      System.out.println(files.size() + " files, " + read + " read");
    }
  }

  @Test
  void damagedPicturesLeaveNoLineOnTheErrorStream(@TempDir Path folder) throws Exception {
    Path err = folder.resolve("err");
    Process p =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectError(err.toFile())
            .start();
    String out = new String(p.getInputStream().readAllBytes());
    assertEquals(0, p.waitFor(), out);
    assertEquals("7 files, 1 read\n", out);
    assertEquals("", Files.readString(err));
  }
}
