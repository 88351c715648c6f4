package engine.picture;

/**
 * The targets of mixed pictures: distributions over the classes, smoothed and weighted already, as
 * PyTorch has it where targets are no class numbers.
 *
 * @param high what a label's own class has of its distribution
 * @param low what each other class has
 * @param weights what the distributions are multiplied by, one a class; or null
 */
public record MixedTargets(int classes, float high, float low, float[] weights) {
  /** A label's class has all of its distribution. */
  public static MixedTargets oneHot(int classes) {
    return new MixedTargets(classes, 1, 0, null);
  }

  /**
   * @param labels the class of each picture, 0 to {@code classes} - 1
   * @return {@code labels.length} rows of {@code classes} values
   */
  public float[] of(int[] labels, Mix mix) {
    float[] rows = new float[Math.multiplyExact(labels.length, classes)];
    float own = (float) mix.lambda();
    for (int i = 0; i < labels.length; i++) {
      add(rows, i, labels[i], own);
      if (own < 1) {
        add(rows, i, labels[Mix.partner(i, labels.length)], 1 - own);
      }
    }
    return rows;
  }

  private void add(float[] rows, int row, int label, float part) {
    for (int c = 0; c < classes; c++) {
      float value = part * (c == label ? high : low);
      rows[row * classes + c] += weights == null ? value : weights[c] * value;
    }
  }
}
