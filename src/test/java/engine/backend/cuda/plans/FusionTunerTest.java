package engine.backend.cuda.plans;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.ForNorm;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.Normalizations.Deferred;
import engine.backend.Normalizations.Saved;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.SimulatedGpus;
import engine.backend.cuda.dnn.PlanFiles;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a layer is computed by a fused graph, where that was timed. */
final class FusionTunerTest {
  private static final String QUESTION_ENDS = ", fused or apart";
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.of(1, 1, 1);

  @TempDir private Path folder;

  private static boolean faster(double... milliseconds) {
    Deque<Double> times = new ArrayDeque<>();
    for (double ms : milliseconds) {
      times.add(ms);
    }
    return new FusionTuner(
            run -> {
              run.run();
              return times.poll();
            })
        .isFaster("conv", () -> {}, () -> {});
  }

  /** In turns, so that a clock that rises serves both; one slow run of five decides nothing. */
  @Test
  void theLesserMedianWinsAndOfEqualsTheFusedWay() {
    assertEquals(true, faster(1, 2, 1, 2, 90, 2, 1, 2, 1, 2));
    assertEquals(false, faster(2, 1, 2, 90, 2, 1, 2, 1, 2, 1));
    assertEquals(true, faster(1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
  }

  private record Layer(Map<String, Long> runs, float[] y, float[] dw) {}

  /** Two convolutions with norms; the second reads the first's norm, deferred where it can be. */
  private Layer layers(boolean tuned) {
    try (CudaBackend b = SimulatedGpus.open(SimulatedGpus.HOPPER, PlanFiles.in(folder))) {
      b.autotune(tuned);
      var memory = b.memory();
      var conv = b.convolutions();
      var norms = b.normalizations();
      Map<String, Long> runs;
      float[] y;
      float[] dwValues;
      try (Tensor x = half(b, 1, 2, 16, 6, 6);
          Tensor w = weight(b, 2);
          Tensor w2 = weight(b, 3);
          Tensor one = memory.upload(HostTensor.of(ones(), 16))) {
        Affine affine = new Affine(one, one, 1e-5f);
        ForNorm first = conv.forwardForNorm(x, w, GEOMETRY);
        try (Tensor a = first.y();
            var sums = first.sums();
            Tensor dy = half(b, 4, 2, 16, 6, 6)) {
          // Only a norm whose sums are known is deferred.
          var saved = sums == null ? trained(b, a, affine) : norms.defer(a, sums, affine, null);
          Deferred d = saved.deferred();
          ForNorm asRead = d == null ? null : conv.forwardForNorm(d, w2, GEOMETRY);
          try (saved;
              Tensor activated = norms.infer(a, affine, saved.batch(), new After(null, true))) {
            ForNorm second = asRead == null ? conv.forwardForNorm(activated, w2, GEOMETRY) : asRead;
            try (Tensor c = second.y();
                var _ = second.sums();
                Tensor dw =
                    asRead == null
                        ? conv.backwardWeight(activated, dy, w2, null, GEOMETRY)
                        : conv.backwardWeight(d, dy, w2, GEOMETRY)) {
              y = memory.download(c, DType.F32).toFloats();
              dwValues = memory.download(dw, DType.F32).toFloats();
            }
          }
        }
        runs = new TreeMap<>(b.graphRuns());
      }
      assertEquals(0, memory.liveTensors(), "tensors that nobody closed");
      return new Layer(runs, y, dwValues);
    }
  }

  private static Saved trained(CudaBackend b, Tensor x, Affine affine) {
    var done = b.normalizations().train(x, null, affine, After.NOTHING);
    done.y().close();
    return done.saved();
  }

  private static Tensor weight(CudaBackend b, long seed) {
    try (Tensor w = b.memory().upload(values(seed, 0.2f, 16, 16, 3, 3))) {
      return b.convolutions().placeWeight(w, Shape.of(2, 16, 6, 6), DType.F16, GEOMETRY);
    }
  }

  private static Tensor half(CudaBackend b, long seed, long... shape) {
    try (Tensor t = b.memory().upload(values(seed, 1, shape))) {
      return b.memory().cast(t, DType.F16);
    }
  }

  private static HostTensor values(long seed, float most, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] all = new float[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextDouble(-most, most);
    }
    return HostTensor.of(all, shape);
  }

  private static float[] ones() {
    float[] all = new float[16];
    Arrays.fill(all, 1);
    return all;
  }

  private List<Path> decisions() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> question(f).endsWith(QUESTION_ENDS)).toList();
    }
  }

  private static String question(Path file) {
    try {
      return Files.readString(file).split("\n", 4)[2];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fused", "apart"})
  void whatWasFasterIsKeptForLaterProcesses(String answer) throws IOException {
    Layer untuned = layers(false);
    assertEquals(1, untuned.runs.get("conv + statistics"), untuned.runs.toString());
    assertEquals(1, untuned.runs.get("scale + shift + relu + conv + statistics"));
    assertEquals(0, decisions().size(), "nothing is timed unless it is asked for");
    layers(true);
    List<Path> timed = decisions();
    assertEquals(2, timed.size(), "one with its sums, one that normalises what it reads");
    for (Path file : timed) {
      PlanFiles.in(folder).write(question(file), answer);
    }
    Layer again = layers(true);
    if (answer.equals("fused")) {
      assertEquals(untuned.runs, again.runs);
    } else {
      assertEquals(2, again.runs.get("conv"), again.runs.toString());
      assertEquals(null, again.runs.get("conv + statistics"));
      assertEquals(null, again.runs.get("scale + shift + relu + conv + statistics"));
    }
    assertArrayEquals(untuned.y, again.y, 0.05f);
    assertArrayEquals(untuned.dw, again.dw, 0.1f);
  }
}
