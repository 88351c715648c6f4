package engine.verify;

import engine.backend.Backend;
import java.util.List;
import java.util.Map;

/** The case runners of every group, and running one case with the first that knows it. */
public final class CaseSuite {
  private final Map<String, List<CaseRunner>> runners;

  public CaseSuite(Map<String, List<CaseRunner>> runners) {
    this.runners = Map.copyOf(runners);
  }

  /**
   * What the engine implements. A new kind of reference case is added here and nowhere else.
   *
   * @param device where cases that compute with tensors run; the caller closes it
   */
  public static CaseSuite standard(Backend device) {
    return new CaseSuite(
        Map.of(
            "augment", List.of(new AugmentCases(device)),
            "decode", List.of(new DecodeCases()),
            "formats", List.of(new FormatCases()),
            "metrics", List.of(new MetricsCases()),
            "model", List.of(new ModelCases(device)),
            "onnx", List.of(new OnnxCases(device)),
            "ops", List.of(new OpCases(device)),
            "optim", List.of(new ScheduleCases(), new OptimCases(device)),
            "quant", List.of(new QuantCases(device))));
  }

  /** Runs a case; whatever it throws fails the case and not the suite. */
  public CaseResult run(Manifest.Item item) {
    List<CaseRunner> candidates = runners.getOrDefault(item.group(), List.of());
    if (candidates.isEmpty()) {
      return CaseResult.unknown(item);
    }
    try {
      ReferenceCase c = item.load();
      for (CaseRunner runner : candidates) {
        if (runner.knows(c)) {
          ReferenceChecks checks = new ReferenceChecks(c);
          runner.run(c, checks);
          return CaseResult.compared(item, checks.results());
        }
      }
      return CaseResult.unknown(item);
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      return CaseResult.broken(item, e);
    }
  }
}
