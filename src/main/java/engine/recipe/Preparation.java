package engine.recipe;

import engine.base.Setting;
import engine.base.UserError;
import engine.data.transform.Interpolation;
import engine.data.transform.TransformSpec;
import engine.picture.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How pictures are prepared in other ways than the data's own, as weights want it that a run starts
 * from. As text, {@code mean=0.5:0.5:0.5,std=0.5:0.5:0.5,interpolation=bicubic,crop_pct=0.95}, of
 * which any part may be missing.
 *
 * @param normalization null for the data's
 * @param interpolation null for bilinear
 * @param cropShare side of the crop by the shorter side that it is cut from; 0 for the usual 7/8
 */
public record Preparation(
    Normalization normalization, Interpolation interpolation, double cropShare) {
  static final Preparation NONE = new Preparation(null, null, 0);

  private static final double SMALL = 1e-9;

  /**
   * @param text null for nothing
   * @throws UserError if it is none
   */
  static Preparation parse(String text) {
    if (text == null) {
      return NONE;
    }
    float[] mean = null;
    float[] std = null;
    Interpolation interpolation = null;
    double share = 0;
    try {
      for (String part : text.split(",")) {
        String[] sides = part.split("=", 2);
        switch (sides[0].strip()) {
          case "mean" -> mean = floats(sides[1]);
          case "std" -> std = floats(sides[1]);
          case "interpolation" ->
              interpolation = Interpolation.valueOf(sides[1].strip().toUpperCase(Locale.ROOT));
          case "crop_pct" -> share = Double.parseDouble(sides[1]);
          default -> throw wrong(text);
        }
      }
      if ((mean == null) != (std == null) || !(share >= 0 && share <= 1)) {
        throw wrong(text);
      }
      return new Preparation(
          mean == null ? null : new Normalization(mean, std), interpolation, share);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw wrong(text);
    }
  }

  private static UserError wrong(String text) {
    return new UserError(
        "%s cannot be '%s': it is such as mean=0.5:0.5:0.5,std=0.5:0.5:0.5,interpolation=bicubic,crop_pct=0.95"
            .formatted(Setting.PREPROCESSING, text));
  }

  private static float[] floats(String text) {
    String[] parts = text.split(":");
    float[] out = new float[parts.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.parseFloat(parts[i]);
    }
    return out;
  }

  /**
   * What makes {@code wanted} of what data of its own would give.
   *
   * @return null for nothing
   */
  public static String text(TransformSpec wanted, TransformSpec usual) {
    List<String> parts = new ArrayList<>();
    if (!wanted.normalization().equals(usual.normalization())) {
      parts.add("mean=" + joined(wanted.mean()));
      parts.add("std=" + joined(wanted.std()));
    }
    if (wanted.crop() > 0 && usual.crop() > 0 && wanted.resize() >= wanted.crop()) {
      if (wanted.interpolation() != usual.interpolation()) {
        parts.add("interpolation=" + wanted.interpolation().name().toLowerCase(Locale.ROOT));
      }
      if (wanted.resize() != TransformSpec.imageNetEval(wanted.crop()).resize()) {
        parts.add("crop_pct=" + (double) wanted.crop() / wanted.resize());
      }
    }
    return parts.isEmpty() ? null : String.join(",", parts);
  }

  private static String joined(float[] values) {
    List<String> out = new ArrayList<>();
    for (float v : values) {
      out.add(Float.toString(v));
    }
    return out.stream().collect(Collectors.joining(":"));
  }

  public Normalization or(Normalization data) {
    return normalization == null ? data : normalization;
  }

  /** A preprocessing with what is said here; the mean and the deviation are there already. */
  TransformSpec apply(TransformSpec s) {
    if (s.crop() == 0) {
      return s;
    }
    return new TransformSpec(
        s.channels(),
        s.pad(),
        cropShare == 0 ? s.resize() : (int) (s.crop() / cropShare + SMALL),
        s.crop(),
        interpolation == null ? s.interpolation() : interpolation,
        s.mean(),
        s.std());
  }
}
