package engine.recipe;

import com.google.gson.annotations.SerializedName;
import engine.base.Setting;
import engine.model.NetworkConfig;
import engine.model.NetworkOptions;

/**
 * Which network a run trains, and from which weights.
 *
 * @param name one of {@link engine.model.Models#names}
 * @param width factor on the channels of every layer; 1 is the standard network
 * @param stem of a ResNet: {@code standard} or {@code small}
 * @param attention in the blocks of a ResNet: {@code none}, {@code cbam} or {@code cbam-paper}
 * @param dropout probability before the classifier
 * @param zeroInitResidual whether every residual branch of a ResNet starts at zero
 * @param weights checkpoint that the run starts from, or null
 */
public record ModelSettings(
    @SerializedName("model") String name,
    double width,
    String stem,
    String attention,
    double dropout,
    boolean zeroInitResidual,
    String weights) {
  public ModelSettings {
    // A config.json may be older than attention is.
    attention = attention == null ? "none" : attention;
    RecipeChecks.that(
        width > 0 && width <= 16, Setting.WIDTH + " must be above 0 and at most 16, not " + width);
    RecipeChecks.that(
        dropout >= 0 && dropout < 1,
        Setting.DROPOUT + " must be at least 0 and below 1, not " + dropout);
    RecipeChecks.oneOf(Setting.STEM, stem, "standard", "small");
    RecipeChecks.oneOf(Setting.ATTENTION, attention, "none", "cbam", "cbam-paper");
    NetworkConfig.of(
        name, new NetworkOptions(width, stem, attention, zeroInitResidual, dropout, 3, 1));
  }

  /** What is chosen of the network, for pictures of so many channels and classes. */
  public NetworkOptions options(int inChannels, int classes) {
    return new NetworkOptions(
        width, stem, attention, zeroInitResidual, dropout, inChannels, classes);
  }

  /** A network as it was published, with fresh weights and without dropout. */
  public static ModelSettings of(String name) {
    return new ModelSettings(name, 1, "standard", "none", 0, false, null);
  }

  public ModelSettings withWidth(double other) {
    return new ModelSettings(name, other, stem, attention, dropout, zeroInitResidual, weights);
  }
}
