package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --checkpoint} with a file that another program wrote and that says little of itself. */
final class ForeignCheckpointTest {
  private static final Path FILES = Path.of("src/test/resources/engine/weights");

  /** Its weights answer with the first class, their average with the last. */
  private static final Path TWO_SETS = FILES.resolve("two_sets.pth");

  private static final Path PLAIN = FILES.resolve("thin_resnet18.pth");

  @TempDir Path folder;
  private Path picture;

  @BeforeEach
  void draw() throws IOException {
    picture = TestPictures.write(folder.resolve("p.png"), 48, 40, 1, 0);
  }

  private CliRun predict(Path checkpoint, Object... options) {
    Object[] line = {"predict", "--checkpoint", checkpoint, "--top", 1, picture};
    Object[] all = Arrays.copyOf(line, line.length + options.length);
    System.arraycopy(options, 0, all, line.length, options.length);
    return CliRun.of(all);
  }

  private static void answers(CliRun run, String name) {
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.out().contains(" " + name + " "), run::toString);
  }

  @Test
  void theAverageIsTakenAndSaidAndTheWeightsCanBeChosen() {
    CliRun average = predict(TWO_SETS);
    answers(average, "fir");
    assertTrue(average.err().contains("holds a resnet18 of 4 classes"), average.err());
    assertTrue(
        average
            .err()
            .contains(
                "model_ema is taken, the moving average: choose another with --state-dict model"),
        average.err());
    assertTrue(
        average.err().contains("as its args say: the shorter side to 40 pixels (bilinear), 32x32"),
        average.err());
    answers(predict(TWO_SETS, "--state-dict", "model"), "oak");
    answers(predict(TWO_SETS, "--state-dict", "model_ema"), "fir");
    predict(TWO_SETS, "--state-dict", "nothing")
        .assertFails("no weights under 'nothing', but under model, model_ema");
  }

  @Test
  void setsOfASafetensorsFileAreToldByTheirPrefixes() throws IOException {
    Map<String, HostTensor> both = new LinkedHashMap<>();
    for (String key : new String[] {"model", "model_ema"}) {
      WeightsFile.read(TWO_SETS, _ -> key)
          .tensors()
          .forEach((name, t) -> both.put(key + "." + name, t));
    }
    Path file = folder.resolve("both.safetensors");
    SafeTensors.write(file, both, Map.of("format", "pt"));
    answers(predict(file), "3");
    answers(predict(file, "--state-dict", "model"), "0");
    predict(file, "--state-dict", "ema").assertFails("but under model, model_ema.module");
  }

  @Test
  void whatNothingSaysIsTheUsualAndIsSaid() {
    CliRun run = predict(PLAIN);
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.err().contains("nothing says how pictures are prepared"), run.err());
    assertTrue(run.err().contains("224x224 of the middle"), run.err());
    assertTrue(run.err().contains("called by their numbers from 0"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oak\\nelm\\r\\nash\\nfir\\n\\n",
        "[\"oak\", \"elm\", \"ash\", \"fir\"]",
        "{\"0\": \"oak\", \"1\": \"elm\", \"3\": \"fir\", \"2\": \"ash\"}",
        "{\"fir\": 3, \"elm\": 1, \"ash\": 2, \"oak\": 0}",
        "{\"0\": [\"n01\", \"oak\"], \"1\": [\"n02\", \"elm\"], \"2\": [\"n03\", \"ash\"], \"3\": [\"n04\", \"fir\"]}",
        "fir\\nfir\\noak\\nfir",
      })
  void classesHaveTheNamesOfAFile(String text) throws IOException {
    Path names = folder.resolve("names");
    Files.writeString(names, text.replace("\\n", "\n").replace("\\r", "\r"));
    String last = text.startsWith("fir") ? "fir (3)" : "fir";
    CliRun run = predict(TWO_SETS, "--classes", names);
    answers(run, last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\\nb\\nc | names 3 classes and the network in",
        "a\\n\\nb\\nc | no name for class 1",
        "{\"0\": \"a\", \"2\": \"b\"} | names no classes",
        "[1.5, 2] | names no classes",
        "[\"a\", | cannot be read",
        "'' | names no classes",
      })
  void wrongNamesAreRefused(String text, String why) throws IOException {
    Path names = folder.resolve("names");
    Files.writeString(names, text.replace("\\n", "\n"));
    predict(TWO_SETS, "--classes", names).assertFails(why);
  }

  @Test
  void aModelThatIsNotInTheFileIsRefused() {
    predict(TWO_SETS, "--model", "resnet50")
        .assertFails("holds the weights of a resnet18, as their names and shapes tell: leave out");
    predict(TWO_SETS, "--model", "resnet5").assertWrongUsage("there is no model 'resnet5'");
    answers(predict(TWO_SETS, "--model", "resnet18"), "fir");
  }

  @Test
  void weightsOfAnotherNetworkAreNamedWhereATrainingWantsThem() throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 6, 32, "a", "b");
    CliRun run =
        CliRun.of(
            "train",
            "--json",
            "--data",
            data,
            "--model",
            "resnet34",
            "--weights",
            PLAIN,
            "--width",
            0.03125,
            "--image-size",
            32,
            "--batch",
            4,
            "--out",
            folder.resolve("run"));
    assertEquals(1, run.code(), run::toString);
    assertTrue(
        run.err().contains("are of resnet18, not of resnet34: use --model resnet18"), run.err());
  }

  @Test
  void ofAnUnknownNetworkTheFirstFiveNamesAreShown() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 1; i <= 7; i++) {
      tensors.put("part" + i + ".weight", HostTensor.of(new float[] {1}, 1));
    }
    Path file = folder.resolve("unknown.safetensors");
    SafeTensors.write(file, tensors, Map.of());
    predict(file)
        .assertFails(
            "(7 tensors: part1.weight, part2.weight, part3.weight, part4.weight, part5.weight, …)");
  }

  @Test
  void aHealthyFileOfAnotherKindIsNotCalledDamaged() throws IOException {
    Path text = folder.resolve("notes.pth");
    Files.writeString(text, "weights will follow\n", StandardCharsets.UTF_8);
    predict(text).assertFails("is text, not weights");
    Path other = FILES.resolve("checkpoints/timm.pth.tar");
    CliRun run = predict(other).assertFails("holds no network that is known here");
    assertTrue(!run.err().contains("damaged"), run.err());
    predict(picture).assertFails("is a PNG picture, not weights");
  }

  @Test
  void evaluatedItsClassesAreThoseOfTheDataWhereItNamesNone() throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 3, 32, "a", "b", "c", "d");
    Map<String, HostTensor> weights = WeightsFile.read(TWO_SETS).tensors();
    Path bare = folder.resolve("bare.safetensors");
    SafeTensors.write(bare, weights, Map.of("format", "pt"));
    CliRun run = CliRun.of("eval", "--checkpoint", bare, "--data", data, "--image-size", 32);
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.err().contains("are those of the data in their order: a, b, c, d"), run.err());
    Path others = TestPictures.folder(folder.resolve("others"), 3, 32, "a", "b", "c");
    run = CliRun.of("eval", "--checkpoint", bare, "--data", others, "--image-size", 32);
    assertEquals(1, run.code(), run::toString);
    assertTrue(
        run.err().contains("names no classes for its 4 outputs and the data has 3"), run.err());
  }
}
