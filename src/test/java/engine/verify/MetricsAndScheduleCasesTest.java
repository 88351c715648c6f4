package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The stored reference cases of scikit-learn's metrics and PyTorch's schedulers. */
class MetricsAndScheduleCasesTest {
  private final CaseSuite suite =
      new CaseSuite(
          Map.of("metrics", List.of(new MetricsCases()), "optim", List.of(new ScheduleCases())));

  @TestFactory
  Stream<DynamicTest> everyStoredCasePasses() throws Exception {
    Path folder = Path.of(getClass().getResource("metrics-and-schedules").toURI());
    Manifest manifest = Manifest.read(folder);
    assertEquals(15, manifest.cases().size());
    return manifest.cases().stream().map(item -> dynamicTest(item.id(), () -> check(item)));
  }

  private void check(Manifest.Item item) {
    CaseResult result = suite.run(item);
    assertEquals(CaseResult.Outcome.PASSED, result.outcome(), result::describe);
  }
}
