package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code engine eval} says of a network that is sure of one class, whatever it sees. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EvalFiguresTest {
  private static final float SURE = 200;

  @TempDir static Path temp;
  private Path data;
  private Path sure;

  @BeforeAll
  void train() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 10, 16, "a", "b", "c");
    Path run = temp.resolve("run");
    Object[] line = {
      "train",
      "--data",
      data,
      "--out",
      run,
      "--model",
      "resnet18",
      "--width",
      0.0625,
      "--image-size",
      16,
      "--batch",
      8,
      "--json",
      "--workers",
      0,
      "--epochs",
      1
    };
    CliRun.of(line).assertSucceeds();
    SafeTensors.Contents c =
        SafeTensors.read(run.resolve("checkpoints/epoch-0001/model.safetensors"));
    Map<String, HostTensor> tensors = new LinkedHashMap<>(c.tensors());
    tensors.computeIfPresent("fc.weight", (_, t) -> HostTensor.zeros(t.dtype(), t.shape()));
    tensors.put("fc.bias", HostTensor.of(new float[] {SURE, 0, 0}, 3));
    sure = temp.resolve("sure.safetensors");
    SafeTensors.write(sure, tensors, c.metadata());
  }

  private CliRun eval(Path of) {
    CliRun run = CliRun.of("eval", "--checkpoint", sure, "--data", of, "--json");
    assertEquals(0, run.code(), run::toString);
    return run;
  }

  private static JsonObject figures(CliRun run) {
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  @Test
  void aSureMistakeCostsWhatItsLogitsSay() {
    // 10 of 30 pictures are right and cost nothing, the others cost 200 nats each.
    JsonObject f = figures(eval(data).assertSucceeds());
    assertEquals(SURE * 2 / 3, f.get("log_loss").getAsDouble(), 1e-4);
  }

  @Test
  void aClassThatNoPictureAndNoAnswerHasCountsForNothing() throws IOException {
    CliRun run = eval(TestPictures.folder(temp.resolve("one"), 4, 16, "a"));
    JsonObject f = figures(run);
    for (String figure : new String[] {"accuracy", "f1_macro", "precision_macro", "recall_macro"}) {
      assertEquals(1, f.get(figure).getAsDouble(), figure);
    }
    assertTrue(run.err().contains("2 of 3 classes have no picture here (b, c)"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void aClassWithAnswersAndNoPictureCountsAsZero() throws IOException {
    CliRun run = eval(TestPictures.folder(temp.resolve("others"), 4, 16, "b"));
    assertEquals(0, figures(run).get("f1_macro").getAsDouble());
    assertTrue(run.err().contains("2 of 3 classes have no picture here (a, c)"), run.err());
  }
}
