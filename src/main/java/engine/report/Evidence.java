package engine.report;

import java.util.List;

/**
 * Pictures that show what the figures of an evaluation mean.
 *
 * @param pairs the most confused pairs of classes
 * @param uncertain the answers that the model could least decide
 * @param explanations where the model looked
 */
public record Evidence(List<Pair> pairs, List<Example> uncertain, List<Explanation> explanations) {
  public static final Evidence NONE = new Evidence(List.of(), List.of(), List.of());

  public Evidence {
    pairs = List.copyOf(pairs);
    uncertain = List.copyOf(uncertain);
    explanations = List.copyOf(explanations);
  }

  /**
   * A picture and what was said about it.
   *
   * @param image PNG or JPEG bytes, small
   * @param probability of the answer, 0 to 1
   * @param source where the picture came from, shown on hover
   */
  public record Example(
      byte[] image, String truth, String predicted, double probability, String source) {
    boolean isRight() {
      return truth.equals(predicted);
    }
  }

  /**
   * Two classes that are taken for each other.
   *
   * @param count pictures of {@code truth} taken for {@code predicted}
   * @param share of all pictures of {@code truth}
   * @param mistaken some of them
   * @param truths pictures of {@code truth} that were recognised
   * @param predicteds pictures of {@code predicted} that were recognised
   */
  public record Pair(
      String truth,
      String predicted,
      long count,
      double share,
      List<Example> mistaken,
      List<Example> truths,
      List<Example> predicteds) {}

  /**
   * A picture with the places that spoke for a class.
   *
   * @param views heat maps over the picture, one a class
   */
  public record Explanation(Example example, List<View> views) {}

  /**
   * A heat map over a picture.
   *
   * @param name of the class that it speaks for
   */
  public record View(byte[] image, String name, double probability) {}
}
