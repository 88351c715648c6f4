package engine.train;

import engine.data.transform.Interpolation;
import engine.data.transform.Normalization;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import java.util.ArrayList;
import java.util.List;

/** From a recipe to what happens to a picture, in training and in evaluation. */
final class Augmentation {
  private static final int PADDED_CROP = 4;

  /** Pictures are padded by no more than this; beyond it they are enlarged. */
  private static final int LARGEST_PAD = 4;

  private Augmentation() {}

  /**
   * Preprocessing of an evaluation: small pictures of one size are padded by a few pixels or
   * resized; others resized and cropped.
   *
   * @param channels 1 or 3
   * @param side of the source's pictures if all have one small size, else 0
   */
  static TransformSpec evaluation(Recipe r, Normalization norm, int side) {
    int pad = (r.imageSize() - side) / 2;
    if (side > 0 && pad >= 0 && pad <= LARGEST_PAD) {
      return TransformSpec.small(pad).with(norm);
    }
    if (side > 0) {
      return new TransformSpec(
          norm.channels(), 0, r.imageSize(), 0, Interpolation.BILINEAR, norm.mean(), norm.std());
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
        if (evaluation.crop() > 0) {
          steps.add(Transforms.centerCrop(evaluation.crop()));
        }
      }
      steps.add(Transforms.randomCrop(r.imageSize(), Math.max(PADDED_CROP, r.imageSize() / 8)));
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
