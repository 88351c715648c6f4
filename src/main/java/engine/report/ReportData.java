package engine.report;

import engine.metrics.ClassificationMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link RunReport} shows. Everything but the title may be left out; a section without data
 * does not appear. Made with a {@link Builder}.
 *
 * @param title such as {@code ResNet-50 on demo}
 * @param subtitle one line beneath it: parameters, image size, precision, device, date
 * @param epochs the training curves
 * @param metrics an evaluation, or null
 * @param evaluated what {@code metrics} is of: {@code best checkpoint (epoch 7), 2,000 images}
 * @param classNames names of the classes by index; may be empty when {@code metrics} is null
 * @param mistakes the most confident wrong predictions, worst first
 * @param evidence pictures beside the figures
 * @param latency measured inference times
 * @param configuration settings by name, in the order to show
 * @param commands command lines that repeat the run
 * @param notes sentences the reader must know, such as that the data is synthetic
 */
public record ReportData(
    String title,
    String subtitle,
    List<EpochMetrics> epochs,
    ClassificationMetrics metrics,
    String evaluated,
    List<String> classNames,
    List<Mistake> mistakes,
    Evidence evidence,
    List<Latency> latency,
    Map<String, String> configuration,
    List<String> commands,
    List<String> notes) {

  public ReportData {
    epochs = List.copyOf(epochs);
    classNames = List.copyOf(classNames);
    mistakes = List.copyOf(mistakes);
    latency = List.copyOf(latency);
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
    commands = List.copyOf(commands);
    notes = List.copyOf(notes);
    if (metrics != null && classNames.size() != metrics.classes()) {
      throw new IllegalArgumentException(
          classNames.size() + " class names do not go with " + metrics.classes() + " classes");
    }
  }

  /**
   * A wrong prediction.
   *
   * @param image PNG or JPEG bytes; keep them small, they are embedded (see {@link Thumbnail})
   * @param truth name of the true class
   * @param predicted name of the predicted class
   * @param probability of the predicted class, 0 to 1
   * @param source where the picture came from, shown on hover
   */
  public record Mistake(
      byte[] image, String truth, String predicted, double probability, String source) {}

  /**
   * Inference times of one setting.
   *
   * @param setting such as {@code cpu, fp32}
   * @param batch images a call
   * @param p50Ms median of a call, milliseconds
   * @param p99Ms 99th percentile of a call, milliseconds
   */
  public record Latency(String setting, int batch, double p50Ms, double p99Ms) {
    double imagesPerSecond() {
      return batch * 1e3 / p50Ms;
    }
  }

  /** Gathers the parts; each has an empty default. */
  public static final class Builder {
    private final String title;
    private String subtitle = "";
    private List<EpochMetrics> epochs = List.of();
    private ClassificationMetrics metrics;
    private String evaluated = "";
    private List<String> classNames = List.of();
    private List<Mistake> mistakes = List.of();
    private Evidence evidence = Evidence.NONE;
    private List<Latency> latency = List.of();
    private Map<String, String> configuration = Map.of();
    private List<String> commands = List.of();
    private List<String> notes = List.of();

    public Builder(String title) {
      this.title = title;
    }

    public Builder subtitle(String text) {
      subtitle = text;
      return this;
    }

    public Builder epochs(List<EpochMetrics> list) {
      epochs = list;
      return this;
    }

    /** The evaluation, what it is of, and the names of its classes. */
    public Builder metrics(ClassificationMetrics m, String of, List<String> names) {
      metrics = m;
      evaluated = of;
      classNames = names;
      return this;
    }

    public Builder mistakes(List<Mistake> list) {
      mistakes = list;
      return this;
    }

    public Builder evidence(Evidence e) {
      evidence = e;
      return this;
    }

    public Builder latency(List<Latency> list) {
      latency = list;
      return this;
    }

    public Builder configuration(Map<String, String> settings) {
      configuration = settings;
      return this;
    }

    public Builder commands(List<String> lines) {
      commands = lines;
      return this;
    }

    public Builder notes(List<String> sentences) {
      notes = sentences;
      return this;
    }

    public ReportData build() {
      return new ReportData(
          title,
          subtitle,
          epochs,
          metrics,
          evaluated,
          classNames,
          mistakes,
          evidence,
          latency,
          configuration,
          commands,
          notes);
    }
  }
}
