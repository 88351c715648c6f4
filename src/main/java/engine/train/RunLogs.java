package engine.train;

import engine.data.image.PixelImage;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.data.transform.LateAugmentation;
import engine.infer.Pictures;
import engine.report.Decoration;
import engine.report.EpochMetrics;
import engine.report.TensorBoardWriter;
import engine.run.MetricsLog;
import engine.run.RunFolder;
import engine.run.TrainingState;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The logs of a run: {@code metrics.jsonl}, which a resumed run needs, and TensorBoard's events,
 * which end, with a sentence, where they cannot be written.
 */
final class RunLogs implements AutoCloseable {
  private static final int SAMPLES = 8;
  private static final String EVENTS = "what TensorBoard shows (events.out.tfevents.*)";

  private final MetricsLog metrics;
  private final Decoration decoration;
  private TensorBoardWriter board;

  private RunLogs(MetricsLog metrics, TensorBoardWriter board, Decoration decoration) {
    this.metrics = metrics;
    this.board = board;
    this.decoration = decoration;
  }

  /**
   * @param say told what of TensorBoard's events is left out
   */
  static RunLogs open(RunFolder run, TrainingState state, boolean resume, Consumer<String> say)
      throws IOException {
    MetricsLog metrics =
        resume ? MetricsLog.resume(run.metrics(), state.epoch()) : MetricsLog.create(run.metrics());
    Decoration decoration = new Decoration(say);
    TensorBoardWriter board =
        decoration.get(
            EVENTS,
            null,
            () ->
                resume
                    ? TensorBoardWriter.resume(run.root(), state.epoch() + 1)
                    : TensorBoardWriter.create(run.root()));
    return new RunLogs(metrics, board, decoration);
  }

  /** From the first event that is lost on there are none: a chart with holes says less. */
  private void event(Decoration.Work write) {
    if (board != null && !decoration.attempt(EVENTS, write)) {
      TensorBoardWriter failed = board;
      board = null;
      decoration.attempt(EVENTS, failed::close);
    }
  }

  /**
   * A row of augmented pictures, as the network will see them.
   *
   * @param late what the device would do to them; null for nothing
   */
  void samples(DataLoader train, LateAugmentation late, TrainingState state) throws IOException {
    if (board == null || state.step() > 0) {
      return;
    }
    try (Epoch e = train.epoch(0, 0)) {
      if (e.hasNext()) {
        try (Batch b = e.next()) {
          decoration.attempt(
              "the picture train/augmented in TensorBoard",
              () -> board.image("train/augmented", 0, row(b, late)));
        }
      }
    }
  }

  private static BufferedImage row(Batch b, LateAugmentation late) {
    int n = Math.min(SAMPLES, b.size());
    BufferedImage out = new BufferedImage(n * b.width(), b.height(), BufferedImage.TYPE_INT_RGB);
    int bytes = b.width() * b.height() * b.channels();
    for (int i = 0; i < n; i++) {
      byte[] pixels = b.pixels().asSlice((long) i * bytes, bytes).toArray(ValueLayout.JAVA_BYTE);
      PixelImage sized = new PixelImage(b.width(), b.height(), b.channels(), pixels);
      PixelImage seen = late == null ? sized : late.apply(sized, b.draws().get(i));
      out.getRaster().setDataElements(i * b.width(), 0, Pictures.buffered(seen).getRaster());
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
    event(() -> board.scalars(m.epoch(), scalars));
  }

  /**
   * Which tensors overflowed in an epoch, under the tag {@code overflows}.
   *
   * @param named a sentence a skipped step; none writes nothing
   */
  void overflows(int epoch, List<String> named) throws IOException {
    if (!named.isEmpty()) {
      event(() -> board.text("overflows", epoch, "- " + String.join("\n- ", named)));
    }
  }

  @Override
  public void close() throws IOException {
    metrics.close();
    if (board != null) {
      decoration.attempt(EVENTS, board::close);
    }
  }
}
