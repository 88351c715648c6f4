package engine.eval;

import java.io.IOException;

/** Is told what was said about each picture, in the order of the dataset. */
@FunctionalInterface
public interface AnswerSink {
  /** Keeps nothing. */
  AnswerSink NONE = _ -> {};

  void add(Said said) throws IOException;

  /**
   * What one model, or several together, said about a picture.
   *
   * @param index of the picture in the dataset
   * @param label the true class
   * @param predicted the class that was answered
   * @param scores of each class: probabilities, or shares of votes
   * @param agreement share of the models whose own answer is the one that won
   */
  record Said(int index, int label, int predicted, double[] scores, double agreement) {}
}
