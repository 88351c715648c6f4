package engine.model;

import engine.model.EfficientNetConfig.Variant;
import java.util.ArrayList;
import java.util.List;

/** Which EfficientNet weights are of. */
final class EfficientNetShapes {
  /** In every EfficientNet once. */
  static final String DEEP = "features.8.0.weight";

  private static final String STEM = "features.0.0.weight";

  /** Widths are typed with two or three digits. */
  private static final double STEP = 0.001;

  private EfficientNetShapes() {}

  /**
   * As {@link ModelFamily.Reader#read}. A network of the standard width is taken before a thinner
   * or wider one of the same layers. Shapes do not tell torchvision's from TensorFlow's: names do,
   * but for timm's, which are of both.
   */
  static List<EfficientNetConfig> read(TensorShapes t) {
    if (t.size(STEM, 2) != 3 || t.size(DEEP, 0) == 0) {
      return List.of();
    }
    List<EfficientNetConfig> out = new ArrayList<>();
    for (Variant v : variants(t)) {
      out.addAll(read(t, v));
    }
    return out;
  }

  private static List<Variant> variants(TensorShapes t) {
    if (!t.has("features.1.0.block.1.fc1.weight")) {
      return List.of(Variant.LITE);
    }
    if (t.others() == null) {
      return List.of(Variant.TORCHVISION);
    }
    return t.others().haveDoubles()
        ? List.of(Variant.TORCHVISION, Variant.TENSORFLOW)
        : List.of(Variant.TENSORFLOW);
  }

  private static List<EfficientNetConfig> read(TensorShapes t, Variant v) {
    List<EfficientNetConfig> standard = new ArrayList<>();
    List<EfficientNetConfig> others = new ArrayList<>();
    for (int scale = 0; scale < v.scales; scale++) {
      EfficientNetConfig c = config(t, v, scale, 1);
      if (layersFit(c, t)) {
        if (fits(c, t)) {
          standard.add(c);
        } else {
          addOfAnotherWidth(t, c, others);
        }
      }
    }
    return standard.isEmpty() ? others : standard;
  }

  private static EfficientNetConfig config(TensorShapes t, Variant v, int scale, double width) {
    return new EfficientNetConfig(
        v, scale, width, t.size(STEM, 1), t.classes("classifier.1"), 0, 0);
  }

  /** The head's channels leave a small range of widths, of which any that fits is as good. */
  private static void addOfAnotherWidth(
      TensorShapes t, EfficientNetConfig standard, List<EfficientNetConfig> found) {
    double guess = (double) t.size(DEEP, 0) / standard.headChannels();
    long last = Math.round(Math.min(EfficientNetConfig.MOST_WIDTH, guess * 1.15 + 0.05) / STEP);
    for (long i = Math.max(1, Math.round((guess * 0.85 - 0.05) / STEP)); i <= last; i++) {
      EfficientNetConfig c = config(t, standard.variant(), standard.scale(), i / 1000.0);
      if (fits(c, t)) {
        found.add(c);
        return;
      }
    }
  }

  private static boolean layersFit(EfficientNetConfig c, TensorShapes t) {
    List<EfficientNetConfig.StageConfig> stages = c.stages();
    for (int s = 0; s < stages.size(); s++) {
      String block = "features." + (s + 1) + ".%d.block.0.0.weight";
      if (t.blocks(block) != stages.get(s).layers()) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(EfficientNetConfig c, TensorShapes t) {
    List<EfficientNetConfig.StageConfig> stages = c.stages();
    for (int s = 0; s < stages.size(); s++) {
      String last =
          "features.%d.0.block.%d.0.weight"
              .formatted(s + 1, (stages.get(s).expansion() == 1 ? 1 : 2) + (c.squeezes() ? 1 : 0));
      if (t.size(last, 0) != stages.get(s).out()) {
        return false;
      }
    }
    return t.size(STEM, 0) == c.stemChannels() && t.size(DEEP, 0) == c.headChannels();
  }
}
