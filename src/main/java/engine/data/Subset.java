package engine.data;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Some pictures of another dataset, in the order given: a side of a split, or a first look. */
public final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] indices;

  public Subset(Dataset whole, int[] indices) {
    this.whole = whole;
    this.indices = indices.clone();
    for (int i : indices) {
      Objects.checkIndex(i, whole.size());
    }
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int i) {
    return whole.label(indices[i]);
  }

  @Override
  public PixelImage load(int i) throws IOException {
    return whole.load(indices[i]);
  }

  @Override
  public List<String> classNames() {
    return whole.classNames();
  }

  @Override
  public String name(int i) {
    return whole.name(indices[i]);
  }
}
