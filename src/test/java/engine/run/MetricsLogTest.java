package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.report.EpochMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  private static EpochMetrics epoch(int n) {
    return new EpochMetrics(n, 1.0 / n, 0.1, 0.9, 3e-4, 11, 12.5, Map.of("gpu_mb", 3.0));
  }

  private static List<Integer> epochs(List<EpochMetrics> log) {
    return log.stream().map(EpochMetrics::epoch).toList();
  }

  @Test
  void whatIsAppendedIsReadBackAndOnDiskAtOnce() throws Exception {
    try (MetricsLog log = MetricsLog.create(file)) {
      log.append(epoch(1));
      log.append(epoch(2));
      assertEquals(List.of(epoch(1), epoch(2)), MetricsLog.read(file));
    }
    String first = Files.readAllLines(file).getFirst();
    assertEquals(
        "{\"epoch\":1,\"train_loss\":1.0,\"val_loss\":0.1,\"val_accuracy\":0.9,\"lr\":3.0E-4,"
            + "\"images_s\":11.0,\"seconds\":12.5,\"gpu_mb\":3.0}",
        first);
  }

  @Test
  void resumingDropsLaterEpochsAndAHalfWrittenLine() throws Exception {
    try (MetricsLog log = MetricsLog.create(file)) {
      for (int e = 1; e <= 5; e++) {
        log.append(epoch(e));
      }
    }
    Files.writeString(file, "{\"epoch\":6,\"train_l", StandardOpenOption.APPEND);
    assertEquals(List.of(1, 2, 3, 4, 5), epochs(MetricsLog.read(file)));
    try (MetricsLog log = MetricsLog.resume(file, 3)) {
      assertEquals(List.of(1, 2, 3), epochs(MetricsLog.read(file)));
      log.append(epoch(4));
    }
    assertEquals(List.of(1, 2, 3, 4), epochs(MetricsLog.read(file)));
    assertFalse(Files.exists(folder.resolve("metrics.jsonl.tmp")));
  }

  @Test
  void resumingWithNoLogStartsOne() throws Exception {
    try (MetricsLog log = MetricsLog.resume(file, 3)) {
      log.append(epoch(4));
    }
    assertEquals(List.of(4), epochs(MetricsLog.read(file)));
  }

  @Test
  void aNanLossIsNullInJsonAndNanAgainWhenRead() throws Exception {
    try (MetricsLog log = MetricsLog.create(file)) {
      log.append(new EpochMetrics(1, Double.NaN, Double.POSITIVE_INFINITY, 0.1, 1, 1, 1, Map.of()));
    }
    assertTrue(Files.readString(file).contains("\"train_loss\":null,\"val_loss\":null"));
    assertTrue(Double.isNaN(MetricsLog.read(file).getFirst().trainLoss()));
  }

  @Test
  void aDamagedLineIsNamed() throws Exception {
    for (String bad : List.of("nonsense", "{}", "{\"epoch\":1,\"lr\":\"x\"}", "[1]")) {
      Files.writeString(file, "{\"epoch\":1}\n" + bad + "\n");
      String message = assertThrows(UserError.class, () -> MetricsLog.read(file)).getMessage();
      assertTrue(message.startsWith("line 2 of " + file + " is no epoch ("), message);
    }
  }
}
