package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.base.UserError;
import engine.convert.Quantization;
import engine.convert.QuantizationJob;
import engine.infer.LoadedModel;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import engine.run.RunSetup;
import engine.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupted quantisation-aware training ends in the very bytes of an uninterrupted one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuantizationResumeTest {
  private static final List<String> RESULTS =
      List.of("ptq", "fp32-tuned", "qat").stream().map(f -> f + "/model.safetensors").toList();

  @TempDir static Path shared;
  private Path data;
  private QuantizationJob job;
  private Path whole;

  /**
   * 30 pictures: batches of 8, 8, 8 and 6. Norms stay from the second epoch on, ranges from the
   * third; the run had all that a tuning leaves out.
   */
  @BeforeAll
  void quantizeUninterrupted() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 12, 8, "a", "b", "c");
    Recipe recipe =
        TinyRun.recipe(
            data,
            "epochs=3",
            "patience=1",
            "fineTuning={freeze:'layer2',unfreezeEvery:0,frozenNorms:'all',layerDecay:0.7}",
            "regularization={policy:'none',erasing:0.5,mixup:0.2,cutmix:0,mixOffEpoch:2,ema:0.9}");
    Path run = shared.resolve("run");
    TinyRun.run(recipe, run);
    Path file = LoadedModel.find(run);
    job =
        new QuantizationJob(
            QuantizationJob.Source.of(file),
            true,
            new QuantizationJob.Calibration(24, 100),
            TestDevices.cpu().quantizers().weightBits(),
            new QuantTraining.Freezing(1, 2),
            7,
            recipe);
    whole = shared.resolve("whole");
    try (var _ = TestDevices.noLeaks(TestDevices.cpu())) {
      assertTrue(new Attempt(whole, false, Integer.MAX_VALUE).run());
    }
  }

  @Test
  void aTuningKeepsCheckpointsLogsAndAReport() throws IOException {
    for (String name : List.of("qat", "fp32-tuned")) {
      Path run = whole.resolve(name);
      List<EpochMetrics> epochs = TinyRun.figures(run);
      assertEquals(List.of(1, 2, 3), epochs.stream().map(EpochMetrics::epoch).toList());
      assertTrue(Files.size(run.resolve("report.html")) > 1000);
      assertTrue(Files.list(run).anyMatch(p -> p.toString().contains("events.out.tfevents")));
      assertEquals("epoch-0003\n", Files.readString(run.resolve("last")));
      // The pictures that were held out are found by the seed of the run, not that of the tuning.
      assertEquals(
          job.recipe().compute().seed(), Recipe.read(run.resolve("config.json")).compute().seed());
    }
    assertTrue(Files.readString(whole.resolve("qat/report.html")).contains("int8 on cpu"));
    assertTrue(Files.exists(TinyRun.last(whole.resolve("qat"), "quantizers.safetensors")));
    assertFalse(Files.exists(TinyRun.last(whole.resolve("fp32-tuned"), "quantizers.safetensors")));
  }

  /** In the fp32 run, and before and after norms stay in the rounded one. */
  @ParameterizedTest
  @ValueSource(ints = {5, 14, 20})
  void aStoppedQuantizationGoesOnBitForBit(int batches, @TempDir Path temp) throws IOException {
    Path out = temp.resolve("out");
    Attempt stopped = new Attempt(out, false, batches);
    assertFalse(stopped.run());
    assertTrue(
        stopped.messages.getLast().endsWith("go on with engine quantize --resume " + out),
        stopped.messages.toString());
    Attempt resumed = new Attempt(out, true, Integer.MAX_VALUE);
    assertTrue(resumed.run());
    assertEquals(24, stopped.batches + resumed.batches, "no batch twice");
    assertSame(out);
  }

  @Test
  void whatAKillLeavesBetweenFilesIsMended(@TempDir Path temp) throws IOException {
    Path out = temp.resolve("out");
    assertFalse(new Attempt(out, false, 15).run());
    Files.delete(out.resolve("ptq/model.safetensors"));
    Files.delete(out.resolve("fp32-tuned/model.safetensors"));
    Path half = out.resolve("qat/checkpoints/.epoch-0001.part");
    Files.createDirectories(half);
    Files.writeString(half.resolve("model.safetensors"), "half");
    assertTrue(new Attempt(out, true, Integer.MAX_VALUE).run());
    assertSame(out);
    assertEquals(0, new Attempt(out, true, Integer.MAX_VALUE).runBatches(), "finished");
    assertSame(out);
  }

  @Test
  void anotherJobInTheSameFolderStartsFromNothing(@TempDir Path temp) throws IOException {
    Path out = TinyRun.copy(whole, temp.resolve("out"));
    Path kept = out.resolve("qat/mine.txt");
    Files.writeString(kept, "not the engine's");
    Files.writeString(out.resolve("qat/checkpoints/epoch-0003/model.safetensors"), "of another");
    assertTrue(new Attempt(out, false, Integer.MAX_VALUE).run());
    assertSame(out);
    assertTrue(Files.exists(kept));
  }

  @Test
  void aDamagedJobOrRangeIsRefused(@TempDir Path temp) throws IOException {
    Path out = TinyRun.copy(whole, temp.resolve("out"));
    assertEquals(job, QuantizationJob.read(out));
    assertEquals(out, QuantizationJob.folderOf(out.resolve("qat")));
    assertNull(QuantizationJob.folderOf(temp));
    Path file = out.resolve("quantize.json");
    String good = Files.readString(file);
    for (String bad : List.of(good.replace("\"epochs\": 3", "\"epochs\": 2"), "{}", "", "[1]")) {
      Files.writeString(file, bad);
      UserError e = assertThrows(UserError.class, () -> QuantizationJob.read(out));
      assertTrue(e.getMessage().startsWith(file + " is damaged"), e.getMessage());
    }
    Files.writeString(file, good);
    Files.delete(TinyRun.last(out.resolve("qat"), "quantizers.safetensors"));
    assertThrows(Exception.class, new Attempt(out, true, Integer.MAX_VALUE)::run);
  }

  private void assertSame(Path out) throws IOException {
    for (String f : RESULTS) {
      assertEquals(-1, Files.mismatch(whole.resolve(f), out.resolve(f)), f);
    }
    for (String f : List.of("model", "optimizer", "quantizers")) {
      String file = f + ".safetensors";
      assertEquals(
          -1,
          Files.mismatch(
              TinyRun.last(whole.resolve("qat"), file), TinyRun.last(out.resolve("qat"), file)),
          file);
    }
    assertEquals(TinyRun.figures(whole.resolve("qat")), TinyRun.figures(out.resolve("qat")));
    assertEquals(
        TinyRun.figures(whole.resolve("fp32-tuned")), TinyRun.figures(out.resolve("fp32-tuned")));
  }

  /** One process's part of a job. */
  private final class Attempt implements Quantization.Listener, TrainingListener {
    private final Path out;
    private final boolean resuming;
    private final int stopAfter;
    private final List<String> messages = new ArrayList<>();
    private int batches;

    /**
     * @param stopAfter batches of both trainings after which it is asked to stop
     */
    Attempt(Path out, boolean resuming, int stopAfter) {
      this.out = out;
      this.resuming = resuming;
      this.stopAfter = stopAfter;
    }

    /** Whether it came to its end. */
    boolean run() throws IOException {
      Quantization q =
          new Quantization(
              TestDevices.cpu(), job, RunSetup.open(job.recipe(), _ -> {}), out, resuming, this);
      assertNotNull(q.original());
      assertNotNull(q.calibrated());
      return q.tunedInFp32(this::isToStop) != null && q.trained(this::isToStop) != null;
    }

    int runBatches() throws IOException {
      assertTrue(run());
      return batches;
    }

    private boolean isToStop() {
      return batches >= stopAfter;
    }

    @Override
    public void phase(String what, long total) {}

    @Override
    public void progress(long done) {}

    @Override
    public TrainingListener training(String what) {
      return this;
    }

    @Override
    public void started(String... lines) {}

    @Override
    public void batch(int epoch, int epochs, int done, int of, long n, double loss, double lr) {
      batches++;
    }

    @Override
    public void validating(int epoch, int done, int of) {}

    @Override
    public void epoch(EpochMetrics metrics, int epochs, boolean best) {}

    @Override
    public void message(String line) {
      messages.add(line);
    }
  }
}
