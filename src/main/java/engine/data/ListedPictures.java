package engine.data;

import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Picture files with their classes, wherever they lie: rows of a {@link PictureTable}. */
record ListedPictures(List<String> classNames, List<PictureTable.Row> rows, int[] labels)
    implements Dataset {

  /** Rows whose classes are all among {@code classes}. */
  static ListedPictures of(List<String> classes, List<PictureTable.Row> rows) {
    Map<String, Integer> places = Names.places(classes, "these pictures");
    return new ListedPictures(
        List.copyOf(classes),
        List.copyOf(rows),
        rows.stream().mapToInt(r -> places.get(Names.form(r.label()))).toArray());
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public PixelImage load(int i) throws IOException {
    Path file = rows.get(i).file();
    return ImageDecoder.decode(file, true);
  }

  @Override
  public String name(int i) {
    return rows.get(i).file().toString();
  }
}
