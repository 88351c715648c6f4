package engine.verify.self;

import engine.backend.Backend;
import engine.backend.PictureFeed;
import engine.backend.UnsupportedOnDeviceException;
import engine.data.image.PixelImage;
import engine.data.transform.LateAugmentation;
import engine.picture.ColorDraw;
import engine.picture.ColorDraw.Operation;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import engine.picture.Region;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Pictures that the device flips, colours and erases on their way to the network, against those of
 * the host: the same bytes, normalised in fp32 and rounded once.
 */
record PictureCheck(Backend device, DType type) implements Check {
  private static final Normalization NORM = Normalization.IMAGENET;
  private static final Shape SHAPE = Shape.of(6, 3, 23, 37);
  private static final long SEED = 5;

  @Override
  public String name() {
    return "kernels/augmented pictures " + OpCheck.word(type);
  }

  @Override
  public String run() {
    if (!device.augments()) {
      throw new UnsupportedOnDeviceException("the host augments for " + device.name());
    }
    String refused = device.halfPrecision().refused().get(type);
    if (refused != null) {
      throw new UnsupportedOnDeviceException(refused);
    }
    LateAugmentation host = new LateAugmentation(0.5, 0.4, 0.5, NORM);
    Random random = new Random(SEED);
    byte[] raw = new byte[Math.toIntExact(SHAPE.elements())];
    random.nextBytes(raw);
    List<PictureDraw> draws = new ArrayList<>();
    for (int i = 0; i < SHAPE.size(0); i++) {
      draws.add(draw(i, random));
    }
    HostTensor want = Drawing.rounded(augmented(host, raw, draws), type);
    try (Arena arena = Arena.ofConfined();
        PictureFeed feed = device.pictureFeed(NORM, host.fill());
        Tensor x = feed.empty(type, SHAPE)) {
      MemorySegment pixels = arena.allocate(raw.length, 64);
      pixels.copyFrom(MemorySegment.ofArray(raw));
      feed.stage(pixels, SHAPE, draws);
      feed.takeInPlace(Mix.NONE, x);
      Agreement.same("the pictures", want, device.memory().download(x, DType.F32));
    }
    return "the same bits";
  }

  /** The first stays as it is, the others have all that there is, in another order each. */
  private static PictureDraw draw(int i, Random random) {
    if (i == 0) {
      return PictureDraw.NONE;
    }
    List<Operation> order = new ArrayList<>(List.of(Operation.values()));
    Collections.shuffle(order, random);
    ColorDraw color =
        new ColorDraw(
            order,
            2 * random.nextDouble(),
            2 * random.nextDouble(),
            2 * random.nextDouble(),
            random.nextDouble() - 0.5);
    Region erased = i % 2 == 0 ? new Region(i, 1, i + 9, 15) : null;
    return new PictureDraw(i % 2 == 1, color, erased);
  }

  private static HostTensor augmented(LateAugmentation host, byte[] raw, List<PictureDraw> draws) {
    int channels = SHAPE.size(1);
    int height = SHAPE.size(2);
    int width = SHAPE.size(3);
    int plane = height * width;
    float[] out = new float[raw.length];
    for (int n = 0; n < draws.size(); n++) {
      byte[] own = new byte[channels * plane];
      System.arraycopy(raw, n * own.length, own, 0, own.length);
      byte[] done = host.apply(new PixelImage(width, height, channels, own), draws.get(n)).data();
      for (int i = 0; i < done.length; i++) {
        int c = i % channels;
        float v = ((done[i] & 0xFF) / 255f - NORM.mean()[c]) / NORM.std()[c];
        out[(n * channels + c) * plane + i / channels] = v;
      }
    }
    return HostTensor.of(out, SHAPE.dims());
  }
}
