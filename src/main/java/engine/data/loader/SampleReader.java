package engine.data.loader;

import engine.base.Seeds;
import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.BadImages;
import engine.data.Dataset;
import engine.data.ReadFailure;
import engine.data.image.PixelImage;
import engine.data.transform.LateAugmentation;
import engine.data.transform.Transform;
import engine.ffi.UncheckedNativeException;
import engine.picture.PictureDraw;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Decodes and transforms one sample of an epoch, and finds another for one that cannot be read. */
final class SampleReader {
  private final Dataset dataset;
  private final Transform transform;
  private final LateAugmentation late;
  private final long seed;
  private final boolean replaceBad;
  private final boolean repeats;
  private final BadImages bad;

  /**
   * Picture {@code index} of the dataset, ready for the network.
   *
   * @param draw what is still to be done to it
   */
  record Sample(int index, PixelImage pixels, PictureDraw draw) {}

  /**
   * @param late what is drawn only, after the transform; or null
   * @param repeats whether an order may hold a sample twice, which then are two different pictures
   */
  SampleReader(
      Dataset dataset,
      Transform transform,
      LateAugmentation late,
      long seed,
      boolean replaceBad,
      boolean repeats,
      BadImages bad) {
    this.repeats = repeats;
    this.dataset = dataset;
    this.transform = transform;
    this.late = late;
    this.seed = seed;
    this.replaceBad = replaceBad;
    this.bad = bad;
  }

  /** Where samples come from. */
  Dataset dataset() {
    return dataset;
  }

  /**
   * Reads the sample at {@code position} of the epoch's order. In place of an unreadable one comes
   * the next readable one of the order (from its end on to its beginning), transformed with the
   * random numbers of the one it stands for; or nothing, if bad pictures are not to be replaced.
   * That depends on the order and the files only, so it is the same for any number of workers and
   * after a resume.
   *
   * @return null if the sample is left out or {@code stopped} became true
   */
  Sample read(int epoch, int[] order, int position, BooleanSupplier stopped) {
    for (int ahead = 0; ahead < order.length && !stopped.getAsBoolean(); ahead++) {
      int index = order[(position + ahead) % order.length];
      PixelImage picture = load(index);
      if (picture != null) {
        int key = repeats ? order.length + position : order[position];
        return sample(index, picture, Seeds.stream(seed, epoch, key));
      }
      if (!replaceBad) {
        return null;
      }
    }
    if (stopped.getAsBoolean()) {
      return null;
    }
    throw new UserError(
        "none of the %s can be read; the first is %s: put back what was there, or name other pictures"
            .formatted(Units.count(dataset.size(), "picture"), bad.list().getFirst()));
  }

  private PixelImage load(int index) {
    if (bad.contains(index)) {
      return null;
    }
    try {
      return dataset.load(index);
    } catch (IOException e) {
      bad.add(index, ReadFailure.of(e));
      return null;
    } catch (UncheckedNativeException e) {
      // The decoder's library is missing: that is no fault of the picture's.
      throw new UserError(e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new UserError(
          "cannot read %s: %s".formatted(dataset.name(index), ReadFailure.of(e)), e);
    } catch (OutOfMemoryError e) {
      throw new UserError(
          "not enough memory to read %s: give Java more with ENGINE_JAVA_OPTS=-Xmx8g, or use fewer %s where the command has it"
              .formatted(dataset.name(index), Setting.WORKERS),
          e);
    }
  }

  private Sample sample(int index, PixelImage picture, RandomGenerator random) {
    PixelImage out = apply(index, picture, random);
    PictureDraw draw =
        late == null ? PictureDraw.NONE : late.draw(out.height(), out.width(), random);
    return new Sample(index, out, draw);
  }

  private PixelImage apply(int index, PixelImage picture, RandomGenerator random) {
    try {
      return transform.apply(picture, random);
    } catch (RuntimeException e) {
      throw new UserError(
          "cannot transform %s (%dx%d, %d channels): %s"
              .formatted(
                  dataset.name(index),
                  picture.width(),
                  picture.height(),
                  picture.channels(),
                  ReadFailure.of(e)),
          e);
    }
  }
}
