package engine.report;

import engine.console.Units;
import engine.metrics.ClassificationMetrics;
import engine.metrics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The handful of numbers at the top of a report. */
record Headlines(List<Headline> all) {

  /** A number, what it is, and a word beneath. */
  record Headline(String label, String value, String remark) {}

  static Headlines of(ReportData d) {
    List<Headline> out = new ArrayList<>();
    Optional<EpochMetrics> best = best(d.epochs());
    best.ifPresent(
        e ->
            out.add(
                new Headline(
                    "Best validation accuracy",
                    Units.percent(e.valAccuracy()),
                    d.metrics() == null
                        ? "epoch " + e.epoch()
                        : "epoch " + e.epoch() + "; " + range(d.metrics().accuracyInterval()))));
    if (d.metrics() != null) {
      ofMetrics(d.metrics(), best.isPresent(), out);
    }
    if (!d.epochs().isEmpty()) {
      ofTraining(d.epochs(), out);
    }
    if (d.epochs().isEmpty() && !d.latency().isEmpty()) {
      ReportData.Latency first = d.latency().getFirst();
      out.add(
          new Headline(
              "Median latency",
              Units.duration(first.p50Ms() / 1e3),
              "batch " + first.batch() + ", " + first.setting()));
    }
    return new Headlines(out);
  }

  /** The epoch with the best validation accuracy, the earliest of equals. */
  static Optional<EpochMetrics> best(List<EpochMetrics> epochs) {
    return epochs.stream()
        .filter(e -> !Double.isNaN(e.valAccuracy()))
        .sorted(Comparator.comparingInt(EpochMetrics::epoch))
        .max(
            Comparator.comparingDouble(EpochMetrics::valAccuracy)
                .thenComparing(EpochMetrics::epoch, Comparator.reverseOrder()));
  }

  private static void ofMetrics(ClassificationMetrics m, boolean trained, List<Headline> out) {
    if (!trained) {
      out.add(new Headline("Accuracy", Units.percent(m.accuracy()), range(m.accuracyInterval())));
    }
    out.add(new Headline("Macro F1", Units.percent(m.macro().f1()), range(m.macroF1Interval())));
    m.usefulTopK()
        .ifPresent(
            k -> out.add(new Headline("Top-" + k + " accuracy", Units.percent(m.topK(k)), "")));
    if (!trained) {
      out.add(new Headline("Log loss", Units.figure(m.logLoss()), "nats"));
    }
  }

  private static String range(Interval i) {
    return "95 %%: %s to %s".formatted(number(i.low()), Units.percent(i.high()));
  }

  private static String number(double share) {
    return Units.percent(share).replace(" %", "");
  }

  private static void ofTraining(List<EpochMetrics> epochs, List<Headline> out) {
    double seconds =
        epochs.stream().mapToDouble(EpochMetrics::seconds).filter(Double::isFinite).sum();
    out.add(
        new Headline(
            "Training time", Units.duration(seconds), Units.count(epochs.size(), "epoch")));
    double[] rates =
        epochs.stream()
            .mapToDouble(EpochMetrics::imagesPerSecond)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (rates.length > 0) {
      out.add(new Headline("Images a second", Units.rate(rates[rates.length / 2]), "median epoch"));
    }
  }
}
