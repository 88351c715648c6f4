package engine.recipe;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.transform.Interpolation;
import engine.data.transform.LateAugmentation;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import engine.picture.Normalization;
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
  public static TransformSpec evaluation(Recipe r, Normalization norm, int side) {
    return r.augment().preparation().apply(evaluation(r.augment().sideOfEvaluation(), norm, side));
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
    if (r.augment().sideOfEvaluation() == r.augment().imageSize()) {
      return e;
    }
    boolean padded = e.crop() == 0 && e.resize() == 0;
    int side =
        padded
            ? r.augment().sideOfEvaluation() - 2 * e.pad()
            : e.crop() > 0 ? 0 : Integer.MAX_VALUE;
    return r.augment()
        .preparation()
        .apply(evaluation(r.augment().imageSize(), e.normalization(), side));
  }

  /**
   * What a training picture goes through, in the order of torchvision's references: crop, flip,
   * jitter, policy, erasing.
   *
   * @param preprocessing of an evaluation
   */
  public static Transform training(Recipe r, TransformSpec preprocessing) {
    Transform policy = r.augment().regularization().transform();
    if (policy == null) {
      return Transforms.compose(sized(r, preprocessing), late(r, preprocessing).onHost());
    }
    double erasing = r.augment().regularization().erasing();
    Normalization norm = preprocessing.normalization();
    return Transforms.compose(
        sized(r, preprocessing),
        new LateAugmentation(flip(r), jitter(r), 0, norm).onHost(),
        policy,
        new LateAugmentation(0, 0, erasing, norm).onHost());
  }

  /**
   * The part of {@link #training} after which a picture has its size; {@link #late} is the rest.
   */
  public static Transform sized(Recipe r, TransformSpec preprocessing) {
    TransformSpec evaluation = atTrainingSize(r, preprocessing);
    if (r.augment().kind().equals("none")) {
      return evaluation.evalTransform();
    }
    List<Transform> steps = new ArrayList<>();
    steps.add(evaluation.channels() == 3 ? Transforms.toRgb() : Transforms.grayscale(1));
    crop(r, evaluation, steps);
    return Transforms.compose(steps.toArray(Transform[]::new));
  }

  private static void crop(Recipe r, TransformSpec evaluation, List<Transform> steps) {
    if (r.augment().kind().equals("crop")) {
      steps.add(Transforms.randomResizedCrop(r.augment().imageSize()));
      return;
    }
    if (evaluation.pad() > 0) {
      steps.add(Transforms.pad(evaluation.pad()));
    } else if (evaluation.resize() > 0) {
      steps.add(Transforms.resize(evaluation.resize()));
      if (evaluation.crop() > 0) {
        steps.add(Transforms.centerCrop(evaluation.crop()));
      }
    }
    steps.add(
        Transforms.randomCrop(
            r.augment().imageSize(), Math.max(PADDED_CROP, r.augment().imageSize() / 8)));
  }

  private static LateAugmentation late(Recipe r, TransformSpec preprocessing) {
    double erasing = r.augment().regularization().erasing();
    return new LateAugmentation(flip(r), jitter(r), erasing, preprocessing.normalization());
  }

  private static double flip(Recipe r) {
    return r.augment().kind().equals("none") ? 0 : 0.5;
  }

  private static double jitter(Recipe r) {
    return r.augment().kind().equals("none") ? 0 : r.augment().jitter();
  }

  /**
   * What of {@link #training} the device does; null if the host does all of it.
   *
   * @throws UserError if the device is asked for and cannot
   */
  public static LateAugmentation onDevice(
      Recipe r, TransformSpec preprocessing, Backend backend, AugmentOn place) {
    require(r, backend, place);
    boolean host = place == AugmentOn.HOST || hasPolicy(r) || !backend.augments();
    return host ? null : late(r, preprocessing);
  }

  /**
   * Checks that pictures can be augmented where they shall be.
   *
   * @throws UserError if the device is asked for and cannot
   */
  public static void require(Recipe r, Backend backend, AugmentOn place) {
    if (place == AugmentOn.DEVICE && !backend.augments()) {
      throw new UserError(
          (Setting.AUGMENT_ON
                  + " device needs a GPU: on %s the loader's threads augment; use "
                  + Setting.AUGMENT_ON
                  + " host")
              .formatted(backend.name()));
    }
    if (place == AugmentOn.DEVICE && hasPolicy(r)) {
      throw new UserError(
          (Setting.AUGMENT_ON
                  + " device cannot do "
                  + Setting.POLICY
                  + " %s, whose operations the loader's threads alone know: use "
                  + Setting.AUGMENT_ON
                  + " host")
              .formatted(r.augment().regularization().policy()));
    }
  }

  /** No kernel knows the operations of a policy, which comes between the jitter and the erasing. */
  private static boolean hasPolicy(Recipe r) {
    return r.augment().regularization().transform() != null;
  }
}
