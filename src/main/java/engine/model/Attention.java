package engine.model;

import engine.nn.Cbam;

/** What a residual block does to its branch before it joins the sum. */
public enum Attention {
  NONE(null),
  /** {@link Cbam} as most re-implementations have it. */
  CBAM(Cbam.Variant.COMMON),
  /** {@link Cbam} as its authors published it. */
  CBAM_PAPER(Cbam.Variant.PAPER);

  /** The paper's reduction ratio (Woo et al. 2018, section 4.1). */
  static final int REDUCTION = 16;

  private final Cbam.Variant variant;

  Attention(Cbam.Variant variant) {
    this.variant = variant;
  }

  Cbam.Variant variant() {
    return variant;
  }
}
