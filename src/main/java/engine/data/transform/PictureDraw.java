package engine.data.transform;

/**
 * What a {@link LateAugmentation} drew for one picture, in the order in which it is done.
 *
 * @param flip whether left and right change places
 * @param erased the rectangle that is erased, or null
 */
public record PictureDraw(boolean flip, ColorDraw color, Region erased) {
  /** Changes nothing. */
  public static final PictureDraw NONE = new PictureDraw(false, ColorDraw.NONE, null);
}
