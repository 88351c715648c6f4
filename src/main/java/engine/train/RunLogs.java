package engine.train;

import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Epoch;
import engine.report.EpochMetrics;
import engine.report.MetricsLog;
import engine.report.TensorBoardWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The logs of a run: {@code metrics.jsonl} and TensorBoard. */
final class RunLogs implements AutoCloseable {
  private static final int SAMPLES = 8;

  private final MetricsLog metrics;
  private final TensorBoardWriter board;

  private RunLogs(MetricsLog metrics, TensorBoardWriter board) {
    this.metrics = metrics;
    this.board = board;
  }

  static RunLogs open(RunFolder run, TrainingState state, boolean resume) throws IOException {
    if (resume) {
      return new RunLogs(
          MetricsLog.resume(run.metrics(), state.epoch()),
          TensorBoardWriter.resume(run.root(), state.epoch() + 1));
    }
    return new RunLogs(MetricsLog.create(run.metrics()), TensorBoardWriter.create(run.root()));
  }

  /** A row of augmented pictures, as the network will see them. */
  void samples(DataLoader train, ModelInfo info, TrainingState state) throws IOException {
    if (state.step() > 0) {
      return;
    }
    try (Epoch e = train.epoch(0, 0)) {
      if (e.hasNext()) {
        try (Batch b = e.next()) {
          board.image("train/augmented", 0, row(b));
        }
      }
    }
  }

  private static BufferedImage row(Batch b) {
    int n = Math.min(SAMPLES, b.size());
    int w = b.width();
    BufferedImage out = new BufferedImage(n * w, b.height(), BufferedImage.TYPE_INT_RGB);
    MemorySegment p = b.pixels();
    int c = b.channels();
    for (int i = 0; i < n; i++) {
      for (int y = 0; y < b.height(); y++) {
        for (int x = 0; x < w; x++) {
          long at = (((long) i * b.height() + y) * w + x) * c;
          int r = p.get(ValueLayout.JAVA_BYTE, at) & 0xff;
          int g = c == 3 ? p.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff : r;
          int bl = c == 3 ? p.get(ValueLayout.JAVA_BYTE, at + 2) & 0xff : r;
          out.setRGB(i * w + x, y, r << 16 | g << 8 | bl);
        }
      }
    }
    return out;
  }

  void epoch(EpochMetrics m) throws IOException {
    metrics.append(m);
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", m.trainLoss());
    scalars.put("loss/val", m.valLoss());
    scalars.put("accuracy/val", m.valAccuracy());
    scalars.put("lr", m.lr());
    scalars.put("throughput/images_s", m.imagesPerSecond());
    m.extra().forEach((k, v) -> scalars.put("extra/" + k, v));
    board.scalars(m.epoch(), scalars);
  }

  /**
   * Which tensors overflowed in an epoch, under the tag {@code overflows}.
   *
   * @param named a sentence a skipped step; none writes nothing
   */
  void overflows(int epoch, List<String> named) throws IOException {
    if (!named.isEmpty()) {
      board.text("overflows", epoch, "- " + String.join("\n- ", named));
    }
  }

  @Override
  public void close() throws IOException {
    metrics.close();
    board.close();
  }
}
