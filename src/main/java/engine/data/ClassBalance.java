package engine.data;

import engine.console.Units;
import java.util.List;
import java.util.Optional;

/** How many pictures each class has. */
public record ClassBalance(List<String> classNames, int[] counts) {
  /** From this ratio of the largest class to the smallest on, {@link #warning} speaks up. */
  public static final double NOTABLE_RATIO = 3;

  public static ClassBalance of(Dataset dataset) {
    int[] counts = new int[dataset.classNames().size()];
    for (int i = 0; i < dataset.size(); i++) {
      counts[dataset.label(i)]++;
    }
    return new ClassBalance(dataset.classNames(), counts);
  }

  /** Pictures of the largest class over those of the smallest; infinite if a class has none. */
  public double imbalanceRatio() {
    return (double) counts[largest()] / counts[smallest()];
  }

  /**
   * A weight for each class, N / (K * pictures of the class), as scikit-learn's {@code
   * class_weight="balanced"}: every class then weighs the same as a whole. 0 for a class without
   * pictures.
   */
  public float[] weights() {
    double all = 0;
    for (int n : counts) {
      all += n;
    }
    float[] out = new float[counts.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = counts[c] == 0 ? 0 : (float) (all / ((double) counts.length * counts[c]));
    }
    return out;
  }

  /** A sentence for the user, if one class outweighs another notably. */
  public Optional<String> warning() {
    double ratio = imbalanceRatio();
    if (!(ratio >= NOTABLE_RATIO)) {
      return Optional.empty();
    }
    return Optional.of(
        "the classes are uneven: '%s' has %s and '%s' has %,d, so judge the result by macro-F1 and per-class recall rather than accuracy"
            .formatted(
                classNames.get(largest()),
                Units.count(counts[largest()], "picture"),
                classNames.get(smallest()),
                counts[smallest()]));
  }

  /** Such as {@code forest 160, desert 160}. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < counts.length; c++) {
      text.append(c == 0 ? "" : ", ").append(classNames.get(c)).append(' ').append(counts[c]);
    }
    return text.toString();
  }

  private int largest() {
    int best = 0;
    for (int c = 1; c < counts.length; c++) {
      best = counts[c] > counts[best] ? c : best;
    }
    return best;
  }

  private int smallest() {
    int best = 0;
    for (int c = 1; c < counts.length; c++) {
      best = counts[c] < counts[best] ? c : best;
    }
    return best;
  }
}
