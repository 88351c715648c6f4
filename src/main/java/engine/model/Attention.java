package engine.model;

import engine.backend.Backend;
import engine.nn.Cbam;
import java.util.random.RandomGenerator;

/** What a residual block does to its branch before it joins the sum. */
public enum Attention {
  NONE(null),
  /** {@link Cbam} as most re-implementations have it. */
  CBAM(Cbam.Variant.COMMON),
  /** {@link Cbam} as its authors published it. */
  CBAM_PAPER(Cbam.Variant.PAPER);

  /** The paper's reduction ratio (Woo et al. 2018, section 4.1). */
  private static final int REDUCTION = 16;

  private final Cbam.Variant variant;

  Attention(Cbam.Variant variant) {
    this.variant = variant;
  }

  /** For a branch of so many channels; null for none. */
  Cbam module(Backend b, int channels, RandomGenerator random) {
    return variant == null ? null : new Cbam(b, variant, channels, REDUCTION, random);
  }
}
