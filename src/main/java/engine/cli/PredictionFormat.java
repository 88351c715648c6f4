package engine.cli;

import engine.infer.Predictor;
import java.nio.file.Path;

/** How an answer is written: one record each. */
interface PredictionFormat {
  /** What a file begins with, its line end included; empty if with nothing. */
  String header();

  /** What the first record begins with, whatever it is about; for CSV the header. */
  String beginning();

  /** One answer, the line end included. */
  String record(Predictor.Answer answer);

  /** What a record calls a picture: different for different files. */
  String name(Path picture);

  /**
   * What a record says.
   *
   * @param record without its line end
   * @return null if it is no such record
   */
  Said said(String record);

  /** Whether a line end inside quotes belongs to a record. */
  boolean quotesLines();

  /**
   * What matters of a record for going on.
   *
   * @param picture its {@link #name}
   * @param failed whether it has a reason in place of an answer
   */
  record Said(String picture, boolean failed) {}
}
