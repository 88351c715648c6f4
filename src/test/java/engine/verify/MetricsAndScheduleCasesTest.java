package engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The stored reference cases of scikit-learn's metrics and PyTorch's schedulers. */
class MetricsAndScheduleCasesTest {
  @TestFactory
  Stream<DynamicTest> everyStoredCasePasses() throws Exception {
    Path folder =
        Path.of(getClass().getResource("/engine/verify/metrics-and-schedules.json").toURI())
            .getParent();
    List<ReferenceCase> cases = SmallManifest.read(folder, "metrics-and-schedules.json");
    assertEquals(15, cases.size());
    return cases.stream().map(c -> dynamicTest(c.group() + "/" + c.name(), () -> check(c)));
  }

  private static void check(ReferenceCase c) throws Exception {
    CaseRunner runner = c.group().equals("metrics") ? new MetricsCases() : new ScheduleCases();
    assertTrue(runner.knows(c), "unknown case");
    assertEquals(List.of(), SmallManifest.failures(runner, c));
  }
}
