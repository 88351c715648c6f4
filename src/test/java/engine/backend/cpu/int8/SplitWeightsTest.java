package engine.backend.cpu.int8;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Devices;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.PoolGeometry;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks with weights of all 8 bits on processors that add products in 16. oneDNN reads the
 * processor that it is to take itself for once a process, so each has one of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SplitWeightsTest {
  /** Of the bytes of a network; there was none, or one. */
  private static final double ON_EDGE = 2e-3;

  @TempDir private Path temp;
  private Map<String, byte[]> here;

  @BeforeAll
  void runHere() {
    here = results(List.of("cpu"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AVX2", "AVX512_CORE", "SSE41"})
  void everyByteIsThatOfAProcessorWithVnni(String isa) throws Exception {
    Assumptions.assumeFalse(
        SplitWeights.areNeeded(), "this processor has no VNNI to compare with: the next test does");
    Map<String, byte[]> there = resultsUnder(isa);
    assertEquals(here.keySet(), there.keySet());
    here.forEach((name, want) -> assertArrayEquals(want, there.get(name), name + " under " + isa));
  }

  /** The software GPU adds exactly on any machine, and rounds in another order. */
  @Test
  void noByteIsMoreThanAStepFromTheSoftwareGpus() throws Exception {
    Map<String, byte[]> there = resultsUnder("AVX2");
    Map<String, byte[]> exact = results(List.of("sim"));
    assertFalse(exact.isEmpty());
    exact.forEach(
        (name, want) -> {
          byte[] got = there.get(name);
          int edge = 0;
          for (int i = 0; i < want.length; i++) {
            int apart = Math.abs((byte) (want[i] - got[i]));
            assertTrue(apart <= 1, "%s: byte %d is %d steps away".formatted(name, i, apart));
            edge += apart;
          }
          assertTrue(edge <= 1 + ON_EDGE * want.length, name + ": " + edge + " of " + want.length);
        });
  }

  private Map<String, byte[]> resultsUnder(String isa) throws Exception {
    Path out = Files.createDirectories(temp.resolve(isa));
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.addAll(List.of(SplitWeightsTest.class.getName(), out.toString()));
    ProcessBuilder child = new ProcessBuilder(line).inheritIO();
    child.environment().put("ONEDNN_MAX_CPU_ISA", isa);
    assertEquals(0, child.start().waitFor());
    Map<String, byte[]> read = new LinkedHashMap<>();
    for (String name : here.keySet()) {
      read.put(name, Files.readAllBytes(out.resolve(name)));
    }
    return read;
  }

  /** Writes the results on the processor that the environment names. */
  public static void main(String[] args) throws IOException {
    if (!SplitWeights.areNeeded()) {
      throw new IllegalStateException("oneDNN did not take itself for a processor without VNNI");
    }
    for (var e : results(List.of("cpu")).entrySet()) {
      Files.write(Path.of(args[0]).resolve(e.getKey()), e.getValue());
    }
  }

  /** What every layer gives, by name; of grouped convolutions on a CPU alone. */
  private static Map<String, byte[]> results(List<String> devices) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    for (String d : devices) {
      try (Backend device = Devices.open(d, 1)) {
        Int8Graph g = new Maker().network();
        for (Int8Layer l : g.layers().subList(0, g.layers().size() - 1)) {
          out.put(l.output(), run(device, g.upTo(l.output())));
        }
        if (d.equals("cpu")) {
          out.put("logits", run(device, g));
          out.put("grouped", run(device, new Maker().grouped()));
        }
      }
    }
    return out;
  }

  private static byte[] run(Backend device, Int8Graph g) {
    SplittableRandom random = new SplittableRandom(5);
    float[] x = new float[2 * g.channels() * 19 * 17];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (Int8Network n = device.int8Networks().compile(g);
        Tensor t = device.memory().upload(HostTensor.of(x, 2, g.channels(), 19, 17))) {
      byte[] y = n.run(t).toBytes();
      n.implementations()
          .forEach((layer, kernel) -> assertFalse(kernel.contains("ref"), layer + ": " + kernel));
      return y;
    }
  }

  /** Draws weights of -127 to 127, and scales that fill each layer's grid. */
  private static final class Maker {
    private static final QuantizedType AFTER_RELU = new QuantizedType(0.05f, 0, DType.U8);
    private static final QuantizedType SIGNED = new QuantizedType(0.03f, 0, DType.I8);

    private final SplittableRandom random = new SplittableRandom(41);
    private final Map<String, QuantizedType> grids = new LinkedHashMap<>();
    private final List<Int8Layer> layers = new ArrayList<>();

    Int8Graph network() {
      grids.put("x", new QuantizedType(0.02f, 117, DType.U8));
      conv("x", "stem", null, AFTER_RELU, 3, 12, 7, new Conv2dGeometry(2, 2, 3, 3, 1, 1, 1));
      grids.put("pooled", AFTER_RELU);
      layers.add(new Int8Layer.MaxPool("pool", "stem", "pooled", PoolGeometry.of(3, 2, 1)));
      conv("pooled", "a", null, AFTER_RELU, 12, 33, 3, Conv2dGeometry.of(1, 1, 1));
      conv("pooled", "short", null, SIGNED, 12, 24, 1, Conv2dGeometry.of(1, 0, 1));
      conv("a", "sum", "short", AFTER_RELU, 33, 24, 1, Conv2dGeometry.of(1, 0, 1));
      conv("sum", "negative", null, SIGNED, 24, 36, 3, Conv2dGeometry.of(2, 1, 1));
      conv("negative", "last", null, AFTER_RELU, 36, 20, 3, Conv2dGeometry.of(1, 1, 1));
      grids.put("mean", new QuantizedType(0.02f, 3, DType.U8));
      layers.add(new Int8Layer.GlobalAveragePool("mean", "last", "mean"));
      layers.add(
          new Int8Layer.Linear(
              "fc",
              "mean",
              "y",
              new Int8Layer.Parameters(weight(5, 20), scales(5, 0.003f), new int[5])));
      return new Int8Graph("x", 3, "y", grids, layers);
    }

    Int8Graph grouped() {
      grids.put("x", new QuantizedType(0.02f, 117, DType.U8));
      conv("x", "y", null, AFTER_RELU, 16, 32, 3, new Conv2dGeometry(1, 1, 1, 1, 1, 1, 2));
      return new Int8Graph("x", 16, "y", grids, layers);
    }

    private void conv(
        String in,
        String out,
        String residual,
        QuantizedType grid,
        int channels,
        int outs,
        int kernel,
        Conv2dGeometry g) {
      grids.put(out, grid);
      double spread = Math.sqrt((double) channels * kernel * kernel) * 50 * 74;
      float scale = (float) (40 * grid.scale() / grids.get(in).scale() / spread);
      layers.add(
          new Int8Layer.Conv(
              out,
              in,
              residual,
              out,
              new Int8Layer.Parameters(
                  weight(outs, channels / g.groups(), kernel, kernel),
                  scales(outs, scale),
                  random.ints(outs, -(int) spread, (int) spread).toArray()),
              g,
              grid == AFTER_RELU));
    }

    private HostTensor weight(long... shape) {
      byte[] w = new byte[Math.toIntExact(Shape.of(shape).elements())];
      for (int i = 0; i < w.length; i++) {
        w[i] = (byte) random.nextInt(-128, 128);
      }
      return new HostTensor(DType.I8, Shape.of(shape), MemorySegment.ofArray(w));
    }

    private float[] scales(int n, float about) {
      float[] s = new float[n];
      for (int i = 0; i < n; i++) {
        s[i] = about * (0.5f + (float) random.nextDouble());
      }
      return s;
    }
  }
}
