package engine.train;

import engine.backend.PictureFeed;
import engine.backend.PictureFeed.ColorOperation;
import engine.backend.PictureFeed.Draw;
import engine.data.Batch;
import engine.data.transform.ColorDraw;
import engine.data.transform.PictureDraw;
import engine.data.transform.Region;
import engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** What the loader drew and the mixer decided, in the words of a {@link PictureFeed}. */
final class FedPictures {
  private FedPictures() {}

  /** [N, C, H, W]. */
  static Shape shape(Batch b) {
    return Shape.of(b.size(), b.channels(), b.height(), b.width());
  }

  static void stage(PictureFeed feed, Batch b) {
    List<Draw> draws = IntStream.range(0, b.size()).mapToObj(i -> draw(b.draw(i))).toList();
    feed.stage(b.pixels(), shape(b), draws);
  }

  static Draw draw(PictureDraw d) {
    if (d == null) {
      return Draw.NONE;
    }
    ColorDraw c = d.color();
    Region e = d.erased();
    return new Draw(
        d.flip(),
        c.order().stream().map(op -> ColorOperation.valueOf(op.name())).toList(),
        (float) c.brightness(),
        (float) c.contrast(),
        (float) c.saturation(),
        c.hueShift(),
        e == null ? null : new int[] {e.left(), e.top(), e.right(), e.bottom()});
  }

  static PictureFeed.Mix mix(BatchMixer.Mix m) {
    return m.box() == null
        ? new PictureFeed.Mix((float) m.lambda(), null)
        : new PictureFeed.Mix(1, m.box());
  }
}
