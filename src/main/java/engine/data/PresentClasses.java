package engine.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes that pictures are of, among more that a model knows.
 *
 * @param outputs their labels, rising
 * @param pictures the same with labels from 0 to {@code outputs.size() - 1}
 */
public record PresentClasses(List<Integer> outputs, Dataset pictures) {
  public static PresentClasses of(Dataset data) {
    int[] present = Arrays.stream(data.labels()).distinct().sorted().toArray();
    List<String> all = data.classNames();
    int[] labels = new int[all.size()];
    Arrays.fill(labels, -1);
    for (int i = 0; i < present.length; i++) {
      labels[present[i]] = i;
    }
    List<String> names = IntStream.of(present).mapToObj(all::get).toList();
    return new PresentClasses(
        IntStream.of(present).boxed().toList(), new Relabelled(data, names, labels));
  }
}
