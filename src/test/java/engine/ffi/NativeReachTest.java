package engine.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of the picture libraries inside libleptonica can be called at all. */
class NativeReachTest {
  /** Leptonica's own readers choose a library by what the file says: only the one for JPEG. */
  private static final Pattern READS =
      Pattern.compile("pixRead(?!MemJpeg$).*|pixaRead.*|fpixRead.*");

  private static final Pattern UNREACHED =
      Pattern.compile("png_.*|Png.*|opj_.*|j2k_.*|D?E?Gif[A-Z].*|(?:de|in)flate.*|gz.*");

  private static List<String> bound() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path f : files.filter(p -> p.toString().endsWith(".java")).toList()) {
        String source = Files.readString(f);
        if (source.contains("LeptonicaLibrary.LIB")) {
          Matcher m = Pattern.compile("\"([A-Za-z_][A-Za-z_0-9]+)\"").matcher(source);
          while (m.find()) {
            names.add(m.group(1));
          }
        }
      }
    }
    return names;
  }

  @Test
  void pngAndGifNeverReachTheirLibraries() throws IOException {
    List<String> bound = bound();
    assertTrue(bound.contains("pixReadMemJpeg"), "the bindings moved: look for them there");
    for (String name : bound) {
      assertFalse(UNREACHED.matcher(name).matches(), name);
      assertFalse(READS.matcher(name).matches(), name);
    }
  }

  @Test
  void thePatternsFindWhatTheyAreFor() {
    List<String> all =
        List.of("png_read_image", "opj_decode", "DGifSlurp", "pixRead", "pixReadMem");
    assertEquals(
        all,
        all.stream()
            .filter(n -> UNREACHED.matcher(n).matches() || READS.matcher(n).matches())
            .toList());
    assertFalse(READS.matcher("pixReadMemJpeg").matches());
  }
}
