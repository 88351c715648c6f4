package engine.data;

import engine.data.image.PixelImage;
import java.io.IOException;
import java.util.List;

/**
 * Labelled pictures by number. Implementations are safe for several threads: the loader's workers
 * share one.
 */
public interface Dataset {
  /** Number of pictures. */
  int size();

  /** Class of picture {@code i}, from 0 to {@code classNames().size() - 1}. */
  int label(int i);

  /**
   * Reads and decodes picture {@code i}.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  PixelImage load(int i) throws IOException;

  /** The classes in the order of their labels. */
  List<String> classNames();

  /** What to call picture {@code i} in messages: its path, or its number in its file. */
  String name(int i);

  /** All labels, in a new array. */
  default int[] labels() {
    int[] labels = new int[size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = label(i);
    }
    return labels;
  }
}
