package engine.picture;

/**
 * What was drawn for one picture that has its size, in the order in which it is done.
 *
 * @param flip whether left and right change places
 * @param erased the rectangle that is erased, inside the picture; or null
 */
public record PictureDraw(boolean flip, ColorDraw color, Region erased) {
  /** Changes nothing. */
  public static final PictureDraw NONE = new PictureDraw(false, ColorDraw.NONE, null);
}
