package engine.cli;

import engine.train.Predictor;

/** How an answer is written: one record each. */
interface PredictionFormat {
  /** What a file begins with, its line end included; empty if with nothing. */
  String header();

  /** One answer, the line end included. */
  String record(Predictor.Answer answer);

  /**
   * The name of the picture that a record is about.
   *
   * @param record without its line end
   * @return null if it is no such record
   */
  String picture(String record);

  /** Whether a line end inside quotes belongs to a record. */
  boolean quotesLines();
}
