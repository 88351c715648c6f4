package engine.data.loader;

import engine.data.Dataset;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.List;

/** Pictures of two datasets with the same classes, in the order given. */
public final class Picks implements Dataset {
  private final Dataset first;
  private final Dataset second;
  private final int[] places;

  /**
   * @param places in the first dataset, or beyond its end in the second
   */
  public Picks(Dataset first, Dataset second, int[] places) {
    this.first = first;
    this.second = second;
    this.places = places.clone();
  }

  private Dataset of(int i) {
    return places[i] < first.size() ? first : second;
  }

  private int at(int i) {
    return places[i] < first.size() ? places[i] : places[i] - first.size();
  }

  @Override
  public int size() {
    return places.length;
  }

  @Override
  public int label(int i) {
    return of(i).label(at(i));
  }

  @Override
  public PixelImage load(int i) throws IOException {
    return of(i).load(at(i));
  }

  @Override
  public List<String> classNames() {
    return first.classNames();
  }

  @Override
  public String name(int i) {
    return of(i).name(at(i));
  }
}
