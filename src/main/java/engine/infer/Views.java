package engine.infer;

import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.data.transform.Transforms;
import engine.picture.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Test-time augmentation: the views of a picture whose answers are averaged, as torchvision's
 * FiveCrop and TenCrop make them.
 */
public enum Views {
  /** The picture as an evaluation sees it. */
  NONE,
  /** And its mirror image. */
  FLIP,
  /** The four corners and the centre. */
  FIVE,
  /** And the same five of the mirror image. */
  TEN;

  /** The preprocessing of each view. */
  public List<Transform> of(TransformSpec spec) {
    List<Transform> views = new ArrayList<>();
    if (this == NONE || this == FLIP) {
      views.add(spec.evalTransform());
    } else {
      views.addAll(crops(spec, false));
    }
    if (this == FLIP) {
      views.add(Transforms.compose(spec.evalTransform(), Transforms.horizontalFlip()));
    } else if (this == TEN) {
      views.addAll(crops(spec, true));
    }
    return views;
  }

  /**
   * Corners of what the evaluation resizes to; of pictures that it does not crop, 7/8 of a side.
   *
   * @param mirrored whether of its mirror image, whose centre is a pixel off where a side and the
   *     crop's differ by an odd number
   */
  private static List<Transform> crops(TransformSpec spec, boolean mirrored) {
    List<Transform> out = new ArrayList<>();
    Transform resize = spec.withoutCrop().evalTransform();
    Transform whole = mirrored ? Transforms.compose(resize, Transforms.horizontalFlip()) : resize;
    for (int i = 0; i < 5; i++) {
      int corner = i;
      out.add(
          (image, random) -> {
            var resized = whole.apply(image, random);
            int w = resized.width();
            int h = resized.height();
            int size = spec.crop() > 0 ? spec.crop() : Math.min(w, h) * 7 / 8;
            Region r = place(corner, w, h, Math.min(size, Math.min(w, h)));
            return Transforms.crop(r.top(), r.left(), r.height(), r.width()).apply(resized, random);
          });
    }
    return out;
  }

  /** Top left, top right, bottom left, bottom right, centre. */
  private static Region place(int corner, int w, int h, int size) {
    return switch (corner) {
      case 0 -> new Region(0, 0, size, size);
      case 1 -> new Region(0, w - size, size, size);
      case 2 -> new Region(h - size, 0, size, size);
      case 3 -> new Region(h - size, w - size, size, size);
      default ->
          new Region(
              (int) Math.rint((h - size) / 2.0), (int) Math.rint((w - size) / 2.0), size, size);
    };
  }
}
