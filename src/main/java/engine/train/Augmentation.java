package engine.train;

import engine.data.transform.Interpolation;
import engine.data.transform.Normalization;
import engine.data.transform.RandomErasing;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import java.util.ArrayList;
import java.util.List;

/** From a recipe to what happens to a picture, in training and in evaluation. */
public final class Augmentation {
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
    return evaluation(r.sideOfEvaluation(), norm, side);
  }

  private static TransformSpec evaluation(int size, Normalization norm, int side) {
    int pad = (size - side) / 2;
    if (side > 0 && pad >= 0 && pad <= LARGEST_PAD) {
      return TransformSpec.small(pad).with(norm);
    }
    if (side > 0) {
      return new TransformSpec(
          norm.channels(), 0, size, 0, Interpolation.BILINEAR, norm.mean(), norm.std());
    }
    return TransformSpec.imageNetEval(size).with(norm);
  }

  /** The preprocessing of an evaluation at the size of training, where the recipe's is another. */
  private static TransformSpec atTrainingSize(Recipe r, TransformSpec e) {
    if (r.sideOfEvaluation() == r.imageSize()) {
      return e;
    }
    boolean padded = e.crop() == 0 && e.resize() == 0;
    int side = padded ? r.sideOfEvaluation() - 2 * e.pad() : e.crop() > 0 ? 0 : Integer.MAX_VALUE;
    return evaluation(r.imageSize(), e.normalization(), side);
  }

  /**
   * What a training picture goes through, in the order of torchvision's references: crop, flip,
   * jitter, policy, erasing.
   *
   * @param preprocessing of an evaluation
   */
  public static Transform training(Recipe r, TransformSpec preprocessing) {
    TransformSpec evaluation = atTrainingSize(r, preprocessing);
    List<Transform> steps = new ArrayList<>();
    if (r.augment().equals("none")) {
      steps.add(evaluation.evalTransform());
    } else {
      cropAndFlip(r, evaluation, steps);
    }
    if (r.regularization().transform() != null) {
      steps.add(r.regularization().transform());
    }
    if (r.regularization().erasing() > 0) {
      RandomErasing erasing = RandomErasing.of(r.regularization().erasing());
      steps.add(erasing.onPixels(evaluation.normalization()));
    }
    return Transforms.compose(steps.toArray(Transform[]::new));
  }

  private static void cropAndFlip(Recipe r, TransformSpec evaluation, List<Transform> steps) {
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
  }
}
