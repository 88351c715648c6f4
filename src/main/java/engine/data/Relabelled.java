package engine.data;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A dataset whose classes are in the order, and under the names, that a model knows them by. */
final class Relabelled implements Dataset {
  private final Dataset data;
  private final List<String> classes;
  private final int[] labels;

  /**
   * @param labels by the data's own, that of the model
   */
  Relabelled(Dataset data, List<String> classes, int[] labels) {
    this.data = data;
    this.classes = classes;
    this.labels = labels;
  }

  /**
   * {@code data} with these classes; null if it has others, by name and not by Unicode form. Of
   * ImageNet's it may have some, by whatever name {@link ImageNetClasses} understands.
   */
  static Dataset of(Dataset data, List<String> classes) {
    List<String> own = data.classNames();
    if (own.equals(classes)) {
      return data;
    }
    if (ImageNetClasses.are(classes)) {
      int[] outputs = ImageNetClasses.places(own, classes.size());
      return Arrays.stream(outputs).allMatch(c -> c >= 0)
          ? new Relabelled(data, classes, outputs)
          : null;
    }
    Map<String, Integer> places = Names.places(classes, "the model");
    int[] labels = new int[own.size()];
    for (int c = 0; c < labels.length; c++) {
      Integer place = places.remove(Names.form(own.get(c)));
      if (place == null) {
        return null;
      }
      labels[c] = place;
    }
    return places.isEmpty() ? new Relabelled(data, classes, labels) : null;
  }

  @Override
  public int size() {
    return data.size();
  }

  @Override
  public int label(int i) {
    return labels[data.label(i)];
  }

  @Override
  public PixelImage load(int i) throws IOException {
    return data.load(i);
  }

  @Override
  public List<String> classNames() {
    return classes;
  }

  @Override
  public String name(int i) {
    return data.name(i);
  }
}
