package engine.run;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Subset;
import engine.data.loader.Picks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Keeps apart what a run was trained on and what it held out, in a folder that may have changed.
 */
public record HeldOut(PictureList list) {

  /**
   * Whether a folder is the one of the list: the same, or one with most of the pictures held out in
   * it, by name and size.
   *
   * @param data the folder, as the names in {@code split} begin
   */
  boolean isOf(String data, Datasets.Split split) {
    if (sameFolder(data)) {
      return true;
    }
    long held = list.entries().values().stream().filter(PictureList.Entry::held).count();
    long found =
        names(split, data).keySet().parallelStream()
            .filter(
                name -> {
                  PictureList.Entry e = list.entries().get(name);
                  return e != null
                      && e.held()
                      && e.bytes()
                          == PictureList.look(Path.of(data).resolve(name).toString(), true).bytes();
                })
            .count();
    return held > 0 && 2 * found >= held;
  }

  private boolean sameFolder(String data) {
    return prefix(Path.of(data)) != null && prefix(Path.of(data)).isEmpty();
  }

  /** The path from the list's folder to one below it, with a slash at its end; null elsewhere. */
  private String prefix(Path data) {
    try {
      Path root = Path.of(list.root()).toRealPath();
      Path real = data.toRealPath();
      if (!real.startsWith(root)) {
        return null;
      }
      String between = root.relativize(real).toString().replace(File.separatorChar, '/');
      return between.isEmpty() ? "" : between + "/";
    } catch (IOException e) {
      return null;
    }
  }

  /** Where each picture of both sides is, by its path below the folder; the first side's first. */
  private static Map<String, Integer> names(Datasets.Split split, String data) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (Dataset d : List.of(split.train(), split.val())) {
      int before = d == split.train() ? 0 : split.train().size();
      for (int i = 0; i < d.size(); i++) {
        places.put(PictureList.below(d.name(i), data), before + i);
      }
    }
    return places;
  }

  /**
   * The pictures of a folder on the sides of the list and in its order; those that are new on
   * neither.
   *
   * @param say told how many are new, gone, or have other contents
   * @throws UserError if none that was held out is left
   */
  Datasets.Split split(Datasets.Split found, String data, Consumer<String> say) {
    Map<String, Integer> places = names(found, data);
    List<Integer> train = new ArrayList<>();
    List<Integer> val = new ArrayList<>();
    int trainGone = 0;
    int valGone = 0;
    for (Map.Entry<String, PictureList.Entry> e : list.entries().entrySet()) {
      Integer place = places.get(e.getKey());
      boolean held = e.getValue().held();
      if (place != null) {
        (held ? val : train).add(place);
      } else if (held) {
        valGone++;
      } else {
        trainGone++;
      }
    }
    int fresh = places.size() - train.size() - val.size();
    if (val.isEmpty()) {
      throw new UserError(
          ("none of the pictures that the run held out is left in %s: put them back, or name others with "
                  + Setting.DATA)
              .formatted(data));
    }
    Datasets.Split out =
        new Datasets.Split(
            pick(found, train, 0),
            pick(found, val, found.train().size()),
            "%s, as the run split it: %s, %s to train on, %,d held out"
                .formatted(
                    data,
                    Units.count(found.val().classNames().size(), "class"),
                    Units.count(train.size(), "picture"),
                    val.size()),
            found.warnings());
    tell(fresh, trainGone, valGone, changed(out.val(), data), data, say);
    return out;
  }

  /** A side as it is, where the list has just that. */
  private static Dataset pick(Datasets.Split of, List<Integer> places, int begin) {
    Dataset side = begin == 0 ? of.train() : of.val();
    int[] all = places.stream().mapToInt(i -> i).toArray();
    boolean same =
        all.length == side.size()
            && IntStream.range(0, all.length).allMatch(i -> all[i] == begin + i);
    return same ? side : new Picks(of.train(), of.val(), all);
  }

  /** Pictures held out that have other contents than when the run began. */
  private long changed(Dataset held, String data) {
    boolean moved = !sameFolder(data);
    return IntStream.range(0, held.size())
        .parallel()
        .filter(
            i -> {
              PictureList.Entry before = list.entries().get(PictureList.below(held.name(i), data));
              PictureList.Entry now = PictureList.look(held.name(i), true);
              return before.bytes() >= 0
                  && now.bytes() >= 0
                  && (before.bytes() != now.bytes() || !moved && before.millis() != now.millis());
            })
        .count();
  }

  private static void tell(
      int fresh, int trainGone, int valGone, long changed, String data, Consumer<String> say) {
    List<String> parts = new ArrayList<>();
    add(parts, fresh, "%,d new (left out: the run knows no side for them)");
    add(parts, valGone, "%,d of those held out gone");
    add(parts, trainGone, "%,d of those trained on gone");
    add(parts, changed, "%,d of those held out with other contents");
    if (!parts.isEmpty()) {
      say.accept(
          "warning: the pictures in %s have changed since the run began: %s"
              .formatted(data, String.join(", ", parts)));
    }
  }

  private static void add(List<String> parts, long count, String text) {
    if (count > 0) {
      parts.add(text.formatted(count));
    }
  }

  /**
   * The pictures that the run was not trained on.
   *
   * @param data the folder, as their names begin; any, also one below the run's
   * @param say told how many are left out, and how many may have been trained on
   * @throws UserError if none is left
   */
  public Dataset without(Dataset all, String data, Consumer<String> say) {
    boolean[] trained = trainedOn(all, data);
    int[] rest = IntStream.range(0, all.size()).filter(i -> !trained[i]).toArray();
    int left = all.size() - rest.length;
    if (rest.length == 0) {
      throw new UserError(
          ("the run was trained on all %s of %s: name others with "
                  + Setting.DATA
                  + ", or judge it on what it knows with engine eval "
                  + Setting.SPLIT
                  + " train")
              .formatted(Units.count(left, "picture"), data));
    }
    if (left > 0) {
      say.accept(
          "warning: %,d of the %,d pictures in %s %s left out: the run was trained on %s"
              .formatted(
                  left, all.size(), data, left == 1 ? "is" : "are", left == 1 ? "it" : "them"));
    }
    Dataset out = left == 0 ? all : new Subset(all, rest);
    String prefix = prefix(Path.of(data));
    long alike =
        IntStream.range(0, out.size())
            .parallel()
            .filter(i -> !isBelowRoot(out.name(i), data, prefix) && alike(out, i, data))
            .count();
    if (alike > 0) {
      say.accept(
          "warning: %,d of the %s %s of pictures that the run was trained on: if they are the same, the figures are too good"
              .formatted(
                  alike,
                  Units.count(out.size(), "picture"),
                  alike == 1 ? "has the name and size" : "have the names and sizes"));
    }
    return out;
  }

  /** Of each picture, whether it is one that the run was trained on. */
  public boolean[] trainedOn(Dataset all, String data) {
    boolean[] out = new boolean[all.size()];
    String prefix = prefix(Path.of(data));
    IntStream.range(0, all.size())
        .parallel()
        .forEach(
            i -> {
              PictureList.Entry e = list.entries().get(key(all.name(i), data, prefix));
              out[i] =
                  e != null
                      && !e.held()
                      && (isBelowRoot(all.name(i), data, prefix)
                          || PictureList.look(all.name(i), false).equals(e));
            });
    return out;
  }

  /** Under which name the list would have a picture. */
  private String key(String name, String data, String prefix) {
    String below = PictureList.below(name, data);
    if (prefix != null && !below.equals(name)) {
      return prefix + below;
    }
    // A table names pictures anywhere.
    String absolute = Path.of(name).toAbsolutePath().normalize().toString();
    String ofRoot = PictureList.below(absolute, list.root());
    return ofRoot.equals(absolute) ? below : ofRoot;
  }

  /** Whether a picture lies where the list's do, so that its name alone tells. */
  private boolean isBelowRoot(String name, String data, String prefix) {
    return prefix != null && !PictureList.below(name, data).equals(name)
        || Path.of(name).toAbsolutePath().normalize().startsWith(list.root());
  }

  private boolean alike(Dataset d, int i, String data) {
    PictureList.Entry e = list.entries().get(PictureList.below(d.name(i), data));
    return e != null && !e.held() && PictureList.look(d.name(i), false).bytes() == e.bytes();
  }
}
