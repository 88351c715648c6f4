package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import engine.TestDevices;
import engine.backend.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Paths of PyTorch's optimisers, loss scaler and averages, made by the generator of the reference
 * cases (seed 7).
 */
class OptimCasesTest {
  @TestFactory
  Stream<DynamicTest> everyStoredCasePassesAndLeaksNothing() throws Exception {
    Path folder = Path.of(getClass().getResource("/engine/optim/golden").toURI());
    Manifest manifest = Manifest.read(folder);
    assertEquals(13, manifest.cases().size());
    return TestDevices.all()
        .flatMap(
            device -> {
              Backend backend = device.getPayload();
              CaseSuite suite = new CaseSuite(Map.of("optim", List.of(new OptimCases(backend))));
              return manifest.cases().stream()
                  .map(
                      item ->
                          dynamicTest(
                              device.getName() + " " + item.name(),
                              () -> check(suite, item, backend)));
            });
  }

  private static void check(CaseSuite suite, Manifest.Item item, Backend backend) {
    try (var _ = TestDevices.noLeaks(backend)) {
      CaseResult r = suite.run(item);
      assertEquals(CaseResult.Outcome.PASSED, r.outcome(), r::describe);
    }
  }
}
