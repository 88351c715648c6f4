package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Transforms against torchvision on PIL images; {@code make.py} beside the cases made them. */
class AugmentCasesTest {
  @TestFactory
  Stream<DynamicTest> everyStoredCasePasses() throws Exception {
    Path folder = Path.of(getClass().getResource("/engine/augment/manifest.json").toURI());
    List<Manifest.Item> cases = Manifest.read(folder.getParent()).cases();
    assertEquals(39, cases.size());
    return cases.stream().map(c -> dynamicTest(c.name(), () -> check(c)));
  }

  private static void check(Manifest.Item item) throws Exception {
    ReferenceCase c = item.load();
    assertTrue(new AugmentCases(TestDevices.cpu()).knows(c));
    ReferenceChecks checks = new ReferenceChecks(c);
    new AugmentCases(TestDevices.cpu()).run(c, checks);
    assertFalse(checks.results().isEmpty());
    for (Comparison r : checks.results()) {
      assertTrue(r.passed(), r::problem);
    }
  }

  @Test
  void aStepThatIsNotThereIsNotKnown() {
    String attrs = "{\"ops\": [[\"Resize\", 3], [\"Perspective\", 1]]}";
    JsonObject json = JsonParser.parseString(attrs).getAsJsonObject();
    ReferenceCase c =
        new ReferenceCase(
            "augment", "x", "transform", json, json, Path.of("."), Map.of(), Map.of());
    assertFalse(new AugmentCases(TestDevices.cpu()).knows(c));
  }
}
