package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodeCasesTest {
  private static final JsonObject ATTRS =
      JsonParser.parseString("{\"advice\": {\"max_abs\": 4, \"mean_abs\": 0.6}}").getAsJsonObject();

  /** Writes down what the runner hands in. */
  private static final class Notes implements Checks {
    final List<String> notes = new ArrayList<>();

    @Override
    public void array(String key, HostTensor got) {
      notes.add(key + " " + got.shape());
    }

    @Override
    public void array(String key, HostTensor got, double maxAbs, double meanAbs) {
      notes.add(key + " " + got.shape() + " within " + maxAbs + ", " + meanAbs);
    }

    @Override
    public void norm(String key, HostTensor got, double maxNorm) {
      notes.add(key + " " + got.shape() + " within a norm of " + maxNorm);
    }

    @Override
    public void scalar(String what, double expected, double got, double atol) {
      notes.add(what);
    }

    @Override
    public void that(String what, boolean holds) {
      notes.add(what + ": " + holds);
    }
  }

  private static List<String> run(String op, String file, String... expected) throws Exception {
    Path folder = Path.of(DecodeCasesTest.class.getResource("/engine/decode").toURI());
    Map<String, HostTensor> arrays = new java.util.HashMap<>();
    for (String key : expected) {
      arrays.put(key, HostTensor.of(new byte[0], 0));
    }
    ReferenceCase c =
        new ReferenceCase(
            "decode",
            file,
            op,
            ATTRS,
            new JsonObject(),
            folder,
            arrays,
            Map.of("src", folder.resolve(file)));
    DecodeCases runner = new DecodeCases();
    assertTrue(runner.knows(c));
    Notes checks = new Notes();
    runner.run(c, checks);
    return checks.notes;
  }

  @Test
  void comparesPixelsWithinTheAdvisedTolerance() throws Exception {
    assertEquals(
        List.of("out.rgb [29, 37, 3] within 4.0, 0.6"), run("decode", "baseline_2.jpg", "out.rgb"));
  }

  @Test
  void comparesTheUprightPictureWhereTheCaseHasOne() throws Exception {
    assertEquals(
        List.of(
            "out.rgb [29, 37, 3] within 4.0, 0.6",
            "out.rgb_transposed [37, 29, 3] within 4.0, 0.6"),
        run("decode", "orientation_6.jpg", "out.rgb", "out.rgb_transposed"));
  }

  @Test
  void aFileThatMustBeRefusedIsOneThatIs() throws Exception {
    assertEquals(List.of("refuses half.jpg: true"), run("decode_error", "half.jpg"));
    assertEquals(List.of("refuses rgb.png: false"), run("decode_error", "rgb.png"));
  }
}
