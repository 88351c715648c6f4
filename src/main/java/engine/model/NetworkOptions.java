package engine.model;

import engine.base.Setting;
import engine.base.UserError;

/**
 * What may be chosen of a network beside its name.
 *
 * @param width factor on the channels of every layer; 1 is the standard network
 * @param stem of a ResNet: {@code standard} or {@code small}
 * @param attention in the blocks of a ResNet: {@code none}, {@code cbam} or {@code cbam-paper}
 * @param zeroInitResidual whether every residual branch of a ResNet starts at zero
 * @param dropout probability before the classifier
 * @param inChannels 1 or 3
 */
public record NetworkOptions(
    double width,
    String stem,
    String attention,
    boolean zeroInitResidual,
    double dropout,
    int inChannels,
    int classes) {
  /** Without what ResNets alone have. */
  static NetworkOptions ofWidth(double width, double dropout, int inChannels, int classes) {
    return new NetworkOptions(width, "standard", "none", false, dropout, inChannels, classes);
  }

  /**
   * @throws UserError where something is chosen that ResNets alone have
   */
  void requireNoResNet(String name) {
    if (!stem.equals("standard") || !attention.equals("none") || zeroInitResidual) {
      throw new UserError(
          Setting.STEM
              + ", "
              + Setting.ATTENTION
              + " and "
              + Setting.ZERO_INIT_RESIDUAL
              + " belong to ResNets: leave them out for "
              + name);
    }
  }
}
