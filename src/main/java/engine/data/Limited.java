package engine.data;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.List;

/** A first look at a dataset, which still knows the whole. */
public record Limited(Dataset shown, Dataset whole) implements Dataset {
  public static Dataset whole(Dataset d) {
    return d instanceof Limited l ? l.whole : d;
  }

  @Override
  public int size() {
    return shown.size();
  }

  @Override
  public int label(int i) {
    return shown.label(i);
  }

  @Override
  public PixelImage load(int i) throws IOException {
    return shown.load(i);
  }

  @Override
  public List<String> classNames() {
    return shown.classNames();
  }

  @Override
  public String name(int i) {
    return shown.name(i);
  }
}
