package engine.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code engine quantize} and {@code engine export} on a tiny run, and what takes their files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuantizeAndExportTest {
  private static final String MODEL = "model.safetensors";

  @TempDir static Path shared;
  private Path pictures;
  private Path run;
  private Path int8;
  private List<JsonObject> variants;

  @BeforeAll
  void trainAndQuantize() throws IOException {
    pictures = TestPictures.folder(shared.resolve("pictures"), 24, 16, "a", "b", "c");
    run = train("run", "--model", "resnet18", "--epochs", 2);
    int8 = shared.resolve("run-int8");
    variants = json(quantize(run, "--mode", "qat", "--epochs", 2, "--json").assertSucceeds());
  }

  @Test
  void qatComparesTheFourVariantsAndKeepsTheRunsHeldOutPictures() throws IOException {
    assertEquals(
        List.of("fp32", "ptq", "fp32 fine-tuned", "qat"),
        variants.stream().map(v -> v.get("variant").getAsString()).toList());
    for (JsonObject v : variants) {
      Path file = Path.of(v.get("checkpoint").getAsString());
      assertEquals(Files.size(file), v.get("bytes").getAsLong());
      assertTrue(v.get("latency_p50_ms").getAsDouble() > 0, v.toString());
      JsonObject again = eval(file, "--json");
      assertEquals(again.get("accuracy").getAsDouble(), v.get("accuracy").getAsDouble(), 1e-6);
      assertEquals(again.get("f1_macro").getAsDouble(), v.get("f1_macro").getAsDouble(), 1e-6);
    }
    double fp32 = variants.getFirst().get("bytes").getAsLong();
    assertTrue(variants.getLast().get("bytes").getAsLong() < 0.5 * fp32, variants.toString());
    // The split is drawn with the seed of the run, not with that of the command.
    assertEquals(seedOf(run), seedOf(int8));
  }

  @Test
  void ptqPrintsATable() {
    Path out = shared.resolve("ptq-only");
    String table = printed(() -> quantize(run, "--out", out).assertSucceeds());
    assertTrue(table.contains("macro-F1"), table);
    assertTrue(table.contains("on 15 pictures"), table);
    assertTrue(Files.exists(out.resolve("ptq").resolve(MODEL)));
    assertFalse(Files.exists(out.resolve("qat")));
    quantize(run, "--out", out).assertFails("exists already: give another --out, or --force");
    quantize(run, "--out", out, "--force", "--json").assertSucceeds();
  }

  @Test
  void whatCannotBeCalibratedIsSaidBeforeAnythingIsWritten() throws IOException {
    Path out = shared.resolve("never");
    quantize(run, "--out", out, "--calibration", 4).assertFails("4 pictures are too few");
    quantize(run, "--out", out, "--mode", "qad").assertWrongUsage("--mode must be ptq or qat");
    quantize(run, "--out", out, "--mode", "qat", "--freeze-observers", 1)
        .assertWrongUsage("--freeze-observers must be at least 2");
    quantize(int8.resolve("qat"), "--out", out).assertFails("is quantised already");
    Path asleep = changed("asleep", "layer1.0.bn1.weight", 1, "layer1.0.bn1.bias", -9);
    CliRun r = quantize(asleep, "--out", out).assertFails("layer1.0.conv1 gives nothing but 0 on");
    assertTrue(r.err().contains("so more cannot help: take an earlier checkpoint"), r.err());
    quantize(asleep, "--out", out, "--calibration", 16).assertFails("calibrate with more (--calib");
    Path diverged = changed("diverged", "layer2.0.downsample.0.weight", Float.NaN);
    quantize(diverged, "--out", out).assertFails("layer2.0.downsample.0.weight holds");
    assertFalse(Files.exists(out));
  }

  /** A norm of 0, with what a ReLU cuts, in front of a shortcut, and in the middle of a block. */
  @ParameterizedTest
  @CsvSource({"layer1.0.bn1, -1", "layer2.0.downsample.1, 0", "layer3.1.bn1, 0", "bn1, 0"})
  void aLayerThatIsAlwaysZeroIsQuantizedTrainedAndExported(String norm, float bias)
      throws IOException {
    Path dead = changed("dead-" + norm, norm + ".weight", 0, norm + ".bias", bias);
    Path out = shared.resolve("dead-" + norm + "-int8");
    quantize(dead, "--out", out, "--mode", "qat", "--epochs", 1, "--json").assertSucceeds();
    for (String variant : List.of("ptq", "qat")) {
      export(out.resolve(variant), out.resolve(variant + ".onnx")).assertSucceeds();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cbam, resnet18, --attention cbam, layer1.0.cbam.fc1",
    "efficientnet, efficientnet_b0, --augment none, features.1.0.block.1.fc1"
  })
  void aModelWithLayersInRealNumbersIsQuantizedTrainedAndExported(
      String name, String model, String option, String real) throws IOException {
    List<Object> options = new ArrayList<>(List.of("--model", model, "--epochs", 1));
    options.addAll(List.of(option.split(" ")));
    Path other = train(name, options.toArray());
    Path out = shared.resolve(name + "-int8");
    quantize(other, "--out", out, "--mode", "qat", "--epochs", 1).assertSucceeds();
    for (String variant : List.of("ptq", "qat")) {
      var weights = SafeTensors.read(out.resolve(variant).resolve("model.safetensors")).tensors();
      assertEquals(DType.F32, weights.get(real + ".weight").dtype());
      Path file = out.resolve(variant + ".onnx");
      export(out.resolve(variant), file).assertSucceeds();
      assertTrue(Files.size(file) > 1000);
      eval(out.resolve(variant), "--json");
    }
  }

  @Test
  void aQuantizedModelIsNoStartOfATraining() {
    Path out = shared.resolve("from-int8");
    command(
            "train",
            "--data",
            pictures,
            "--model",
            "resnet18",
            "--width",
            0.0625,
            "--weights",
            int8.resolve("qat"),
            "--out",
            out)
        .assertFails("is quantised: start from the fp32 checkpoint");
    assertFalse(Files.exists(out));
  }

  @Test
  void anInt8ModelIsEvaluatedPredictedAndVotesAsAnyOther() throws IOException {
    Path qat = int8.resolve("qat");
    eval(qat, "--json", "--tta", "ten");
    eval(qat, "--json", "--image-size", 32, "--precision", "amp");
    CliRun onSim = CliRun.of("eval", "--checkpoint", qat, "--json", "--device", "sim");
    assertEquals(
        eval(qat, "--json").get("accuracy"),
        json(onSim.assertSucceeds()).getFirst().get("accuracy"));
    Path report = shared.resolve("report.html");
    command("eval", "--checkpoint", qat, "--report", report).assertSucceeds();
    String html = Files.readString(report);
    assertTrue(html.contains("cpu, int8"));
    assertTrue(html.contains("Grad-CAM"));
    Path picture = pictures.resolve("a/000.png");
    CliRun votes =
        command("predict", "--checkpoint", qat, "--checkpoint", run, "--json", picture)
            .assertSucceeds();
    assertTrue(votes.out().contains("000.png"), votes.out());
  }

  @Test
  void ofSeveralCheckpointsInAFolderTheSentenceNamesEach() {
    CliRun r = command("eval", "--checkpoint", int8).assertFails("holds 3 checkpoints: give one");
    for (String name : List.of("fp32-tuned", "ptq", "qat")) {
      assertTrue(r.err().contains(int8.resolve(name).toString()), r.err());
    }
    command("train", "--resume", int8).assertFails("holds no training but what engine quantize");
  }

  @Test
  void withoutOutTheSecondOneTakesTheNextName() throws IOException {
    Path copy = Files.createDirectories(shared.resolve("twice"));
    Files.copy(run.resolve("config.json"), copy.resolve("config.json"));
    Files.copy(run.resolve("checkpoints/epoch-0002").resolve(MODEL), copy.resolve(MODEL));
    quantize(copy, "--calibration", 4).assertFails("4 pictures are too few");
    assertFalse(Files.exists(shared.resolve("twice-int8")), "nothing is left of one that failed");
    for (String name : List.of("twice-int8", "twice-int8-2", "twice-int8-3")) {
      quantize(copy, "--json").assertSucceeds();
      assertTrue(Files.exists(shared.resolve(name).resolve("ptq").resolve(MODEL)), name);
    }
  }

  /** A process of its own: oneDNN asks once which processor it is on. */
  @Test
  void eightBitsAnswerTheSameWithoutVnniAndItIsSaid() throws Exception {
    Path qat = int8.resolve("qat");
    boolean eight =
        SafeTensors.read(qat.resolve(MODEL)).metadata().get("int8").contains("Bits\":8");
    Assumptions.assumeTrue(eight, "this processor has no VNNI, so the model has 7 bits");
    JsonObject here = eval(qat, "--json");
    Path log = shared.resolve("no-vnni.log");
    List<String> line =
        List.of("eval", "--checkpoint", qat.toString(), "--json", "--device", "cpu");
    Process p = EngineProcess.start(log, 512, Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"), line);
    assertEquals(0, p.waitFor());
    List<String> said = Files.readAllLines(log);
    assertTrue(
        said.getFirst().contains("has 8-bit weights, which this processor"), said.toString());
    JsonObject there = JsonParser.parseString(said.getLast()).getAsJsonObject();
    assertTrue(here.get("log_loss").getAsDouble() > 0);
    assertEquals(here.get("log_loss"), there.get("log_loss"));
  }

  @Test
  void weightsOfMoreBitsThanTheCheckpointSaysAreDamage() throws IOException {
    Path qat = int8.resolve("ptq").resolve(MODEL);
    SafeTensors.Contents c = SafeTensors.read(qat);
    Map<String, String> metadata = new LinkedHashMap<>(c.metadata());
    String said = metadata.get("int8");
    Path seven = Files.createDirectories(shared.resolve("seven")).resolve(MODEL);
    metadata.put("int8", said.replace("\"weightBits\":8", "\"weightBits\":7"));
    Assumptions.assumeFalse(metadata.get("int8").equals(said), "7 bits are right here");
    SafeTensors.write(seven, c.tensors(), metadata);
    command("eval", "--checkpoint", seven, "--data", pictures).assertFails("is damaged");
    metadata.put("int8", said.replace("\"weightBits\":8,", ""));
    SafeTensors.write(seven, c.tensors(), metadata);
    command("eval", "--checkpoint", seven, "--data", pictures).assertSucceeds();
  }

  @Test
  void exportsAreWrittenOnceAndWhole() throws IOException {
    for (Path checkpoint : List.of(run, int8.resolve("ptq"), int8.resolve("qat"))) {
      Path folder = Files.createDirectories(shared.resolve("onnx-" + checkpoint.getFileName()));
      Path file = folder.resolve("net.onnx");
      JsonObject o = json(export(checkpoint, file, "--json").assertSucceeds()).getFirst();
      assertEquals(Files.size(file), o.get("bytes").getAsLong());
      assertEquals(17, o.get("opset").getAsInt());
      byte[] before = Files.readAllBytes(file);
      export(checkpoint, file, "--softmax").assertFails("exists already");
      assertArrayEquals(before, Files.readAllBytes(file));
      export(checkpoint, file, "--softmax", "--force").assertSucceeds();
      assertFalse(Arrays.equals(before, Files.readAllBytes(file)));
      CliRun pixels = export(checkpoint, folder.resolve("pixels.onnx"), "--with-preprocessing");
      assertEquals(0, pixels.code(), pixels::toString);
      assertTrue(pixels.err().contains("OpenVINO and TensorRT pass over"), pixels.err());
      export(checkpoint, folder.resolve("big.onnx"), "--external-data").assertSucceeds();
      assertEquals(List.of("big.onnx", "big.onnx.data", "net.onnx", "pixels.onnx"), names(folder));
      Files.delete(folder.resolve("big.onnx"));
      export(checkpoint, folder.resolve("big.onnx"), "--external-data")
          .assertFails("big.onnx.data exists already");
      assertFalse(Files.exists(folder.resolve("big.onnx")));
    }
  }

  @Test
  void anExportThatFailsLeavesNothing() throws IOException {
    Path folder = Files.createDirectories(shared.resolve("failed"));
    Path file = folder.resolve("net.onnx");
    export(changed("no-numbers", "fc.bias", Float.NaN), file).assertFails("fc.bias holds 3 NaN");
    export(run, file, "--opset", 12).assertWrongUsage("--opset must be between 13 and 22");
    export(run, file, "--opset", 17, "--with-preprocessing").assertWrongUsage("needs --opset 18");
    export(run, file, "--byte-sums").assertWrongUsage("belongs to an int8 checkpoint");
    export(run, folder).assertWrongUsage("is a folder: name a file");
    assertEquals(List.of(), names(folder));
  }

  @Test
  void sumsOfBytesAreExportedOnRequest() throws IOException {
    Path folder = Files.createDirectories(shared.resolve("byte-sums"));
    Path qat = int8.resolve("qat");
    export(qat, folder.resolve("exact.onnx")).assertSucceeds();
    export(qat, folder.resolve("bytes.onnx"), "--byte-sums").assertSucceeds();
    long more = Files.size(folder.resolve("bytes.onnx")) - Files.size(folder.resolve("exact.onnx"));
    assertTrue(more > 0, "eight sums are rounded twice: " + more + " bytes more");
  }

  private Path train(String name, Object... more) {
    Path out = shared.resolve(name);
    List<Object> args = new ArrayList<>(List.of("train", "--data", pictures, "--out", out));
    args.addAll(List.of("--width", 0.0625, "--image-size", 24, "--batch", 16));
    args.addAll(List.of("--seed", 5, "--dropout", 0));
    args.addAll(List.of(more));
    command(args.toArray()).assertSucceeds();
    return out;
  }

  private static CliRun quantize(Path checkpoint, Object... more) {
    return command(join(List.of("quantize", "--checkpoint", checkpoint), more));
  }

  private static CliRun export(Path checkpoint, Path file, Object... more) {
    return command(join(List.of("export", "--checkpoint", checkpoint, file), more));
  }

  private static JsonObject eval(Path checkpoint, Object... more) {
    return json(command(join(List.of("eval", "--checkpoint", checkpoint), more)).assertSucceeds())
        .getFirst();
  }

  private static Object[] join(List<Object> first, Object... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toArray();
  }

  /** On one thread: these networks are too small for two. */
  private static CliRun command(Object... args) {
    return CliRun.of(join(List.of(args), "--device", "cpu", "--threads", 1));
  }

  private static List<JsonObject> json(CliRun r) {
    return r.out().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
  }

  /** What went to standard output, which tables know as a terminal. */
  private static String printed(Runnable command) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      command.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static long seedOf(Path run) throws IOException {
    String config = Files.readString(run.resolve("config.json"));
    return JsonParser.parseString(config).getAsJsonObject().get("seed").getAsLong();
  }

  /** The run's checkpoint with every value of some tensors another one, in a run of its own. */
  private Path changed(String name, Object... tensorsAndValues) throws IOException {
    Path folder = Files.createDirectories(shared.resolve(name));
    SafeTensors.Contents c = SafeTensors.read(run.resolve("checkpoints/epoch-0002").resolve(MODEL));
    Map<String, HostTensor> tensors = new LinkedHashMap<>(c.tensors());
    for (int i = 0; i < tensorsAndValues.length; i += 2) {
      HostTensor old = tensors.get((String) tensorsAndValues[i]);
      float[] values = new float[(int) old.shape().elements()];
      Arrays.fill(values, ((Number) tensorsAndValues[i + 1]).floatValue());
      tensors.put((String) tensorsAndValues[i], HostTensor.of(values, old.shape().dims()));
    }
    SafeTensors.write(folder.resolve(MODEL), tensors, c.metadata());
    Files.copy(run.resolve("config.json"), folder.resolve("config.json"));
    return folder;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
