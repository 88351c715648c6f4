package engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.metrics.ClassificationMetrics;
import java.awt.AWTError;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecorationTest {
  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();
  private final Decoration decoration = new Decoration(said::add);

  private static ReportData data() {
    ClassificationMetrics m =
        ClassificationMetrics.of(new float[] {3, 0, 0, 3}, new int[] {0, 1}, 2);
    return new ReportData.Builder("x").metrics(m, "", List.of("cat", "dog")).build();
  }

  /** What Java throws without fonts differs by release and by what is missing. */
  private static final List<Throwable> WITHOUT_FONTS =
      List.of(
          new Error("Probable fatal error: No physical fonts found."),
          new RuntimeException("Fontconfig head is null, check your fonts"),
          new InternalError(new InvocationTargetException(new Error("fontmgr"))),
          new UnsatisfiedLinkError("libfreetype.so.6: cannot open shared object file"),
          new NoClassDefFoundError("Could not initialize class sun.font.SunFontManager"));

  @Test
  void aReportIsWrittenWithoutItsPictureWhereThereAreNoFonts() throws Exception {
    for (Throwable t : WITHOUT_FONTS) {
      said.clear();
      Path file = folder.resolve("report.html");
      Files.writeString(folder.resolve("report.png"), "of figures before these");
      RunReport.write(
          data(),
          file,
          new Decoration(said::add),
          _ -> {
            throw sneaky(t);
          });
      assertTrue(Files.readString(file).endsWith("</html>\n"));
      assertTrue(Files.exists(folder.resolve("report.json")));
      assertFalse(Files.exists(folder.resolve("report.png")));
      assertEquals(1, said.size());
      assertTrue(
          said.getFirst().contains("report.png is left out: Java finds no font"), said.toString());
    }
  }

  @Test
  void whatIsLeftOutIsSaidOnceWithItsReason() {
    for (int i = 0; i < 3; i++) {
      assertFalse(decoration.attempt("the page", () -> fail(new AccessDeniedException("/x/y"))));
    }
    assertEquals(
        List.of("warning: the page is left out: no permission to use /x/y"), List.copyOf(said));
    assertEquals("none", decoration.get("a map", "none", () -> fail(new AWTError("no display"))));
    assertTrue(said.getLast().endsWith("inside the engine (AWTError: no display)"));
    assertEquals("some", decoration.get("a map", "none", () -> "some"));
    assertTrue(decoration.attempt("the page", () -> {}));
    assertEquals(2, said.size());
  }

  @Test
  void aFolderNamedAfterFontsDoesNotMakeItAboutFonts() {
    decoration.attempt("the plot", () -> fail(new IOException("/home/fonts/x.svg: full")));
    assertTrue(said.getFirst().endsWith("/home/fonts/x.svg: full"), said.toString());
  }

  private static String fail(Throwable t) {
    throw sneaky(t);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable t) throws T {
    throw (T) t;
  }
}
