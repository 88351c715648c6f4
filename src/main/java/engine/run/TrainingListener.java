package engine.run;

import engine.report.EpochMetrics;

/** What a run tells whoever shows it. */
public interface TrainingListener {
  /**
   * @param lines what is trained on what
   */
  void started(String... lines);

  /**
   * @param batchesDone of the epoch, counted from 1
   */
  void batch(
      int epoch, int epochs, int batchesDone, int batches, long images, double loss, double lr);

  void validating(int epoch, int done, int of);

  void epoch(EpochMetrics metrics, int epochs, boolean best);

  void message(String line);

  /** A detail for who asked for them with {@code --debug}. */
  default void debug(String line) {}

  /** Nothing more comes, whether the run succeeded or failed. */
  default void ended() {}
}
