package engine.train;

import engine.base.Setting;
import engine.recipe.Recipe;
import engine.run.NotFiniteException;
import java.util.stream.IntStream;

/**
 * Batches whose classes all weigh 0: the mean of their losses, which divides by the sum of the
 * weights, is 0 / 0, and no learning rate is to blame.
 *
 * @param recipe whose mixed pictures are averaged over their number instead
 * @param classWeights of the loss, or null
 */
record ZeroWeights(Recipe recipe, float[] classWeights) {
  /**
   * @param labels of the batch
   * @param where it is, for the message
   * @throws NotFiniteException if the loss is not finite and nothing in the batch weighs anything
   */
  void check(double loss, int[] labels, String where) {
    if (!Double.isFinite(loss) && weighNothing(labels)) {
      throw new NotFiniteException(
          ("%s every picture is of a class with a weight of 0, so that the batch has no mean loss: give each class a weight above 0 in "
                  + Setting.CLASS_WEIGHTS
                  + ", or use a larger "
                  + Setting.BATCH)
              .formatted(where));
    }
  }

  private boolean weighNothing(int[] labels) {
    return classWeights != null
        && !recipe.augment().regularization().mixes()
        && IntStream.of(labels).allMatch(c -> classWeights[c] == 0);
  }
}
