package engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.metrics.ClassificationMetrics;
import engine.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run folder that came from a stranger, with links to the user's files under every name. */
final class LinkedRunFolderTest {
  private static final String PRECIOUS = "alias ll='ls -l'\n";

  @TempDir Path temp;
  private Path victim;
  private Path run;

  @BeforeEach
  void plant() throws IOException {
    victim = Files.writeString(temp.resolve(".bashrc"), PRECIOUS);
    run = Files.createDirectory(temp.resolve("run"));
    for (String name : List.of("report.html", "report.json", "report.png", "metrics.jsonl")) {
      Files.createSymbolicLink(run.resolve(name), victim);
      Files.createSymbolicLink(run.resolve(name + ".tmp"), victim);
    }
  }

  private void assertUntouched(String... written) throws IOException {
    assertEquals(PRECIOUS, Files.readString(victim));
    for (String name : written) {
      assertTrue(Files.isRegularFile(run.resolve(name), LinkOption.NOFOLLOW_LINKS), name);
    }
    try (Stream<Path> home = Files.list(temp)) {
      assertEquals(2, home.count(), "a file beside the two that were there");
    }
  }

  @Test
  void aReportReplacesTheLinks() throws IOException {
    ReportData data =
        new ReportData.Builder("run")
            .metrics(
                ClassificationMetrics.of(new float[] {1, 0, 0, 1}, new int[] {0, 1}, 2),
                "val",
                List.of("a", "b"))
            .build();
    RunReport.write(data, run.resolve("report.html"), new Decoration(problem -> {}));
    assertUntouched("report.html", "report.json", "report.png");
  }

  @Test
  void theLogReplacesTheLink() throws IOException {
    try (MetricsLog log = MetricsLog.create(run.resolve("metrics.jsonl"))) {
      log.append(new EpochMetrics(1, 1, 1, 1, 1, 1, 1, Map.of()));
    }
    assertUntouched("metrics.jsonl");
  }

  @Test
  void aPlotReplacesTheLink() throws IOException {
    double[] curve = {1, 2, 3};
    LrPage.write(run.resolve("report.html"), "plot", curve, curve, curve, 2);
    assertUntouched("report.html");
  }
}
