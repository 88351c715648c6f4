package engine.train;

import engine.data.transform.Normalization;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import java.util.ArrayList;
import java.util.List;

/** From a recipe to what happens to a picture, in training and in evaluation. */
final class Augmentation {
  private static final int PADDED_CROP = 4;

  private Augmentation() {}

  /**
   * Preprocessing of an evaluation: for {@code pad} and small pictures, padding to the image size; else a resize and a
   * central crop.
   *
   * @param channels 1 or 3
   * @param side of the source's pictures if all have one size below the image size, else 0
   */
  static TransformSpec evaluation(Recipe r, Normalization norm, int side) {
    if (side > 0 && side <= r.imageSize()) {
      return TransformSpec.small((r.imageSize() - side) / 2).with(norm);
    }
    return TransformSpec.imageNetEval(r.imageSize()).with(norm);
  }

  static Transform training(Recipe r, TransformSpec evaluation) {
    if (r.augment().equals("none")) {
      return evaluation.evalTransform();
    }
    List<Transform> steps = new ArrayList<>();
    steps.add(evaluation.channels() == 3 ? Transforms.toRgb() : Transforms.grayscale(1));
    if (r.augment().equals("pad")) {
      if (evaluation.pad() > 0) {
        steps.add(Transforms.pad(evaluation.pad()));
      } else if (evaluation.resize() > 0) {
        steps.add(Transforms.resize(evaluation.resize()));
        steps.add(Transforms.centerCrop(r.imageSize()));
      }
      steps.add(Transforms.randomCrop(r.imageSize(), PADDED_CROP));
    } else {
      steps.add(Transforms.randomResizedCrop(r.imageSize()));
    }
    steps.add(Transforms.randomHorizontalFlip(0.5));
    if (r.jitter() > 0) {
      steps.add(Transforms.colorJitter(r.jitter(), r.jitter(), 0, 0));
    }
    return Transforms.compose(steps.toArray(Transform[]::new));
  }
}
