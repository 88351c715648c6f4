package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import engine.autograd.Operation;
import engine.autograd.Ops;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code engine inspect tape}, on a thin network of small images. */
final class InspectTapeCommandTest {
  private static List<JsonObject> ops(String precision) {
    CliRun run =
        CliRun.of(
            "inspect",
            "tape",
            "--model",
            "resnet18",
            "--width",
            "0.25",
            "--image-size",
            64,
            "--precision",
            precision,
            "--device",
            "cpu",
            "--json");
    return run.assertSucceeds()
        .out()
        .lines()
        .map(l -> JsonParser.parseString(l).getAsJsonObject())
        .toList();
  }

  private static List<JsonObject> named(List<JsonObject> ops, String op) {
    return ops.stream().filter(o -> o.get("op").getAsString().equals(op)).toList();
  }

  @Test
  void inBf16ThePicturesAreCastOnceAndTheLossIsFp32() {
    List<JsonObject> ops = ops("bf16");
    assertEquals(1, named(ops, "cast").size());
    assertEquals(20, named(ops, "conv2d").size());
    for (JsonObject conv : named(ops, "conv2d")) {
      assertEquals("bf16", conv.get("computes").getAsString());
      assertEquals(1, conv.get("casts").getAsInt(), "its weights: " + conv);
      JsonObject gradient = conv.getAsJsonArray("gradients").get(0).getAsJsonObject();
      assertTrue(gradient.get("of").getAsString().endsWith(".weight"));
      assertEquals("fp32", gradient.get("type").getAsString());
    }
    JsonObject loss = named(ops, "cross_entropy").getFirst();
    assertEquals("fp32", loss.get("computes").getAsString());
    assertEquals("layer1.0.conv1", named(ops, "conv2d").get(1).get("layer").getAsString());
  }

  @Test
  void inFp32NothingIsCast() {
    for (JsonObject o : ops("fp32")) {
      assertEquals(0, o.get("casts").getAsInt() + o.get("casts_backward").getAsInt(), o::toString);
      assertEquals("fp32", o.get("type").getAsString());
    }
  }

  @Test
  void theTapeSaysTheFlopsAndBytesOfEveryOp() {
    List<JsonObject> ops = ops("fp32");
    JsonObject stem = named(ops, "conv2d").getFirst();
    // 2 images, 16 channels of 32x32, each the sum of 3x7x7 products.
    assertEquals(2L * 2 * 16 * 32 * 32 * 3 * 7 * 7, stem.get("flops").getAsLong());
    assertEquals(
        4L * (2 * 3 * 64 * 64 + 16 * 3 * 7 * 7 + 2 * 16 * 32 * 32), stem.get("bytes").getAsLong());
    assertEquals(0, named(ops, "reshape").getFirst().get("flops").getAsLong());
  }

  @Test
  void thePolicyNamesEveryOpOnceUnderItsRule() {
    List<JsonObject> rules =
        CliRun.of("inspect", "tape", "--policy", "--json")
            .assertSucceeds()
            .out()
            .lines()
            .map(l -> JsonParser.parseString(l).getAsJsonObject())
            .toList();
    List<String> names =
        rules.stream()
            .flatMap(o -> o.getAsJsonArray("ops").asList().stream())
            .map(JsonElement::getAsString)
            .sorted()
            .toList();
    assertEquals(Ops.all().stream().map(Operation.Identity::name).sorted().toList(), names);
    assertEquals("half", rules.getFirst().get("rule").getAsString());
    assertTrue(rules.getFirst().getAsJsonArray("ops").contains(new JsonPrimitive("conv2d")));
  }

  @Test
  void withoutAWordThereIsNothingToInspect() {
    CliRun.of("inspect").assertWrongUsage("say what to inspect");
    CliRun.of("inspect", "tape", "--precision", "fp16", "--image-size", 32, "--device", "cpu")
        .assertWrongUsage("has no fp16 convolution");
  }
}
