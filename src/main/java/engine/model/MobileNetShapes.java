package engine.model;

import engine.base.UserError;
import engine.model.MobileNetConfig.BlockConfig;
import engine.model.MobileNetConfig.Generation;
import java.util.List;

/** Which MobileNet weights are of. */
final class MobileNetShapes {
  /** In every MobileNet once. */
  static final String STEM = "features.0.0.weight";

  /** Of the first block, which tells the generations apart. */
  private static final String SECOND = "features.1.conv.0.0.weight";

  private static final String THIRD = "features.1.block.0.0.weight";

  private static final String LAST = "classifier.0.weight";

  private MobileNetShapes() {}

  /**
   * As {@link ModelFamily.Reader#read}. The standard width is taken before others, of which any
   * that gives the same layers is as good.
   */
  static List<MobileNetConfig> read(TensorShapes t) {
    if (!t.has(SECOND) && !t.has(THIRD)) {
      return List.of();
    }
    for (Generation g : Generation.values()) {
      if (t.has(g.isThird() ? THIRD : SECOND)) {
        MobileNetConfig c = config(t, g);
        if (c != null) {
          return List.of(c);
        }
      }
    }
    throw new UserError(
        "holds a MobileNet whose blocks have other channels than those of %s at any width"
            .formatted(String.join(", ", MobileNetConfig.FAMILY.names())));
  }

  /** Of the width that fits, in the thousandths that people type; null for none. */
  private static MobileNetConfig config(TensorShapes t, Generation g) {
    MobileNetConfig standard = config(t, g, 1);
    if (fits(standard, t)) {
      return standard;
    }
    double guess = t.size(STEM, 0) / (double) standard.stemChannels();
    long last = Math.round(1000 * Math.min(MobileNetConfig.MOST_WIDTH, guess * 1.25 + 0.5));
    for (long i = Math.max(1, Math.round(1000 * (guess * 0.8 - 0.5))); i <= last; i++) {
      MobileNetConfig c = config(t, g, i / 1000.0);
      if (fits(c, t)) {
        return c;
      }
    }
    return null;
  }

  private static MobileNetConfig config(TensorShapes t, Generation g, double width) {
    int classes = t.classes(g.isThird() ? "classifier.3" : "classifier.1");
    return new MobileNetConfig(g, width, t.size(STEM, 1), classes, 0);
  }

  private static boolean fits(MobileNetConfig c, TensorShapes t) {
    boolean third = c.generation().isThird();
    boolean lastFits =
        !third || !t.has(LAST) || t.size(LAST, 0) == c.lastChannels(); // a backbone has none
    if (t.size(STEM, 0) != c.stemChannels() || !lastFits) {
      return false;
    }
    List<BlockConfig> blocks = c.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      BlockConfig b = blocks.get(i);
      String layers = "features.%d.%s.".formatted(i + 1, third ? "block" : "conv");
      int at = b.widens() ? 1 : 0;
      String depthwise = layers + at + ".0.weight";
      String gate = layers + (at + 1) + ".fc1.weight";
      String narrow = layers + (at + (b.squeezed() > 0 ? 2 : 1)) + (third ? ".0" : "") + ".weight";
      if (t.size(depthwise, 0) != b.wide()
          || t.size(depthwise, 2) != b.kernel()
          || t.size(gate, 0) != b.squeezed()
          || t.size(narrow, 0) != b.out()) {
        return false;
      }
    }
    return t.size("features.%d.0.weight".formatted(blocks.size() + 1), 0) == c.headChannels();
  }
}
