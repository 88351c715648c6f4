package engine.train;

import engine.base.Setting;
import engine.base.SettingError;
import engine.base.Suggestion;
import engine.nn.Module;
import engine.recipe.FineTuning;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stages of a network from the input on, told by the names of its parameters: {@code stem},
 * {@code layer1} to {@code layer4} and {@code head} of a ResNet; {@code features.0} … and {@code
 * head} of an EfficientNet or a ConvNeXt.
 */
final class ModelStages {
  private static final Pattern STAGE = Pattern.compile("(layer\\d+|features\\.\\d+)\\..*");
  private static final Pattern HEAD = Pattern.compile("(fc|classifier|head)\\..*");

  private final List<String> names;

  private ModelStages(List<String> names) {
    this.names = names;
  }

  static ModelStages of(Module model) {
    LinkedHashSet<String> found = new LinkedHashSet<>();
    model.parameters().keySet().forEach(p -> found.add(stage(p)));
    return new ModelStages(new ArrayList<>(found));
  }

  /** From the input to the classifier. */
  List<String> names() {
    return names;
  }

  /** The stage of a parameter or module. */
  static String stage(String name) {
    Matcher m = STAGE.matcher(name + ".");
    if (m.matches()) {
      return m.group(1);
    }
    return HEAD.matcher(name + ".").matches() ? "head" : "stem";
  }

  int indexOf(String name) {
    return names.indexOf(stage(name));
  }

  /**
   * How many stages end with {@code last}.
   *
   * @throws SettingError if the network has no such stage, or it is the classifier
   */
  int countTo(String last) {
    if (last.equals(FineTuning.NO_STAGE)) {
      return 0;
    }
    int at = names.indexOf(last);
    if (at < 0 || at == names.size() - 1) {
      List<String> can = names.subList(0, names.size() - 1);
      throw new SettingError(
          (Setting.FREEZE + " %s: this model's stages that can be frozen are none, %s%s")
              .formatted(last, String.join(", ", can), Suggestion.hint(last, can)));
    }
    return at + 1;
  }
}
