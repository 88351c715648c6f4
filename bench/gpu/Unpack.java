import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/**
 * Decodes a file that {@code xz} made, on a machine that has no xz: {@code Unpack FROM.xz FOLDER}
 * writes oneDNN's library to where the engine looks for it.
 */
final class Unpack {
  private static final String PLACE = "org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3";

  private Unpack() {}

  public static void main(String[] args) throws IOException {
    Path to = Path.of(args[1]).resolve(PLACE);
    Files.createDirectories(to.getParent());
    try (InputStream in = new XZInputStream(Files.newInputStream(Path.of(args[0])))) {
      Files.copy(in, to);
    }
  }
}
