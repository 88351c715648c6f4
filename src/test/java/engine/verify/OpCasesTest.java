package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.OnEveryDevice;
import engine.backend.Backend;
import java.nio.file.Path;
import java.util.List;

/**
 * A part of the reference cases of group ops, made with PyTorch; the whole set is run with {@code
 * engine verify}.
 */
final class OpCasesTest {
  @OnEveryDevice
  void opsAgreeWithPyTorch(Backend backend) throws Exception {
    Path folder =
        Path.of(OpCasesTest.class.getResource("/engine/golden/manifest.json").toURI()).getParent();
    Manifest manifest = Manifest.read(folder);
    CaseSuite suite = CaseSuite.standard(backend);
    List<Manifest.Item> ops =
        manifest.cases().stream().filter(c -> c.group().equals("ops")).toList();
    assertTrue(ops.size() > 30);
    for (Manifest.Item item : ops) {
      CaseResult r = suite.run(item);
      if (r.describe().contains("UnsupportedOnDeviceException") && !backend.name().equals("cpu")) {
        continue;
      }
      assertEquals(CaseResult.Outcome.PASSED, r.outcome(), () -> item.id() + ": " + r.describe());
    }
  }
}
