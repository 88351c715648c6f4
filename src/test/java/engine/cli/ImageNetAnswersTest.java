package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights of 1,000 or 1,001 classes that name none. The network here sees nothing: it answers by
 * its classifier's bias, most with the last class, then with the tench, then with the springer.
 */
final class ImageNetAnswersTest {
  private static final Path THIN = Path.of("src/test/resources/engine/weights/thin_resnet18.pth");
  private static final int TENCH = 0;
  private static final int SPRINGER = 217;

  @TempDir Path folder;
  private Path weights;
  private Path data;

  @BeforeEach
  void make() throws IOException {
    weights = weights(1000);
    data = pictures("n01440764", "English_springer");
  }

  private Path weights(int outputs) throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(WeightsFile.read(THIN).tensors());
    long inputs = tensors.get("fc.weight").shape().dim(1);
    float[] bias = new float[outputs];
    bias[outputs - 1] = 9;
    bias[outputs - 1000 + TENCH] = 7;
    bias[outputs - 1000 + SPRINGER] = 5;
    tensors.put("fc.weight", HostTensor.of(new float[(int) (outputs * inputs)], outputs, inputs));
    tensors.put("fc.bias", HostTensor.of(bias, outputs));
    Path file = folder.resolve("of" + outputs + ".safetensors");
    SafeTensors.write(file, tensors, Map.of());
    return file;
  }

  private Path pictures(String... classes) throws IOException {
    return TestPictures.folder(folder.resolve(String.join("+", classes)), 4, 32, classes);
  }

  private CliRun eval(Path checkpoint, Object... more) {
    Object[] line = new Object[more.length + 8];
    Object[] first = {"eval", "--checkpoint", checkpoint, "--image-size", 32, "--threads", 1};
    System.arraycopy(first, 0, line, 0, first.length);
    line[first.length] = "--json";
    System.arraycopy(more, 0, line, first.length + 1, more.length);
    return CliRun.of(line);
  }

  private static void accurate(double share, CliRun run) {
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.out().contains("\"accuracy\":" + share + ","), run::toString);
  }

  /** Beside what is said of the file. */
  private static void fails(String part, CliRun run) {
    assertEquals(1, run.code(), run::toString);
    assertTrue(run.err().contains(part), run::toString);
    assertFalse(run.err().contains("\tat "), run::toString);
  }

  @Test
  void predictNamesImageNetsClasses() throws IOException {
    Path picture = TestPictures.write(folder.resolve("p.png"), 40, 30, 0, 0);
    for (Path file : new Path[] {weights, weights(1001)}) {
      CliRun run = CliRun.of("predict", "--weights", file, "--image-size", 32, picture);
      assertEquals(0, run.code(), run::toString);
      assertTrue(
          run.out().matches("(?s).*toilet tissue .* tench .* English springer .*"), run::toString);
      assertTrue(run.err().contains("are taken for ImageNet's"), run::toString);
    }
    assertTrue(
        CliRun.of("predict", "--weights", weights(1001), "--image-size", 32, picture)
            .err()
            .contains("1,001 are taken for ImageNet's behind TensorFlow's background"));
  }

  @Test
  void evalTakesFoldersByNameAndByWordNetIdAndAnswersAmongThem() throws IOException {
    CliRun among = eval(weights, "--data", data);
    accurate(0.5, among);
    assertTrue(among.out().contains("\"English springer\""), among::toString);
    assertFalse(among.out().contains("toilet tissue"), among::toString);
    accurate(0.0, eval(weights, "--data", data, "--all-classes"));
    accurate(0.5, eval(weights(1001), "--data", data));
    accurate(0.5, eval(weights, "--data", pictures("0", "217")));
  }

  @Test
  void aFolderWithASingleClassIsJudgedAmongAll() throws IOException {
    accurate(0.0, eval(weights, "--data", pictures("tench")));
    accurate(1.0, eval(weights, "--data", pictures("toilet paper")));
  }

  @Test
  void quantisedOnesAnswerAmongThemToo() throws IOException {
    Path more = TestPictures.folder(folder.resolve("more"), 12, 32, "tench", "English springer");
    CliRun run =
        CliRun.of(
            "quantize",
            "--weights",
            weights,
            "--data",
            more,
            "--calibration",
            16,
            "--threads",
            1,
            "--out",
            folder.resolve("int8"));
    assertEquals(0, run.code(), run::toString);
    Path quantised = folder.resolve("int8/ptq");
    accurate(0.5, eval(quantised, "--data", data));
    accurate(0.0, eval(quantised, "--data", data, "--all-classes"));
  }

  @Test
  void classesThatAreNoneOfImageNetsAreNamed() throws IOException {
    Path some = pictures("tench", "English springer", "my cat");
    fails(
        "has the class 'my cat' (4) that the checkpoint does not know",
        eval(weights, "--data", some));
    accurate(0.5, eval(weights, "--data", some, "--ignore-extra"));
  }

  @Test
  void aNameOfTwoClassesIsRefused() throws IOException {
    fails(
        "n02012849 (crane bird) and n03126707 (crane)",
        eval(weights, "--data", pictures("crane", "tench")));
  }

  @Test
  void ownClassesOfAsManyAreStillTaken() throws IOException {
    Path file = folder.resolve("names.txt");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      names.append("thing ").append(i).append('\n');
    }
    Files.writeString(file, names);
    Path picture = TestPictures.write(folder.resolve("p.png"), 40, 30, 0, 0);
    CliRun run =
        CliRun.of("predict", "--weights", weights, "--classes", file, "--image-size", 32, picture);
    assertTrue(run.out().contains("thing 999"), run::toString);
    fails(
        "none of blue, red is a name or a WordNet id of ImageNet's",
        eval(weights, "--data", pictures("red", "blue")));
  }

  @Test
  void weightsAreNamedInPlaceOfACheckpoint() throws IOException {
    Path picture = TestPictures.write(folder.resolve("p.png"), 40, 30, 0, 0);
    CliRun.of("predict", picture).assertWrongUsage("--checkpoint=PATH is missing");
    CliRun.of("predict", "--weights", "imagenet", picture).assertFails("add --model NAME");
    CliRun.of("predict", "--weights", "resnet51", picture)
        .assertFails("no pretrained weights are called 'resnet51'");
    CliRun.of("export", "--weights", weights, "--checkpoint", weights, folder.resolve("a.onnx"))
        .assertWrongUsage("give one --checkpoint or one --weights");
    CliRun.of("predict", "--weights", folder.resolve("none.pth"), picture).assertFails("none.pth");
  }
}
