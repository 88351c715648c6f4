package engine.data;

import engine.base.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * ImageNet-1K's classes in the order in which torchvision's, timm's and nearly everybody's networks
 * have them, and which of them a folder's name means: {@code imagenet-classes.tsv}, with WordNet's
 * id, torchvision's name and WordNet's words of each.
 *
 * <p>A folder is understood by its WordNet id, alone or before other text ({@code n02085620},
 * {@code n02085620-Chihuahua}), by torchvision's name, or by any of WordNet's words, whatever the
 * case and whatever stands between the words; folders that are all called by numbers from 0 to 999
 * are those of the outputs, as in ImageNet-V2.
 */
public final class ImageNetClasses {
  /** Classes of ImageNet-1K. */
  public static final int COUNT = 1000;

  /** What networks from TensorFlow have before the others: no class of pictures. */
  public static final String BACKGROUND = "background";

  private static final Pattern ID = Pattern.compile("[nN](\\d{8})(?![\\p{L}\\p{N}]).*");
  private static final Pattern NUMBER = Pattern.compile("0*\\d{1,3}");
  private static final List<Entry> ALL = load();
  private static final List<String> NAMES = ALL.stream().map(Entry::name).toList();
  private static final List<String> WITH_BACKGROUND =
      Stream.concat(Stream.of(BACKGROUND), NAMES.stream()).toList();

  private static final Map<String, Integer> BY_ID = new HashMap<>();
  private static final Map<String, Set<Integer>> BY_NAME = new HashMap<>();
  private static final Map<String, Set<Integer>> BY_FOLDED_NAME = new HashMap<>();
  private static final Map<String, Set<Integer>> BY_WORD = new HashMap<>();

  static {
    for (int c = 0; c < COUNT; c++) {
      Entry e = ALL.get(c);
      BY_ID.put(e.id, c);
      // The crane that is a bird is WordNet's "crane", too, as is the machine.
      for (String name : List.of(e.name, e.words.getFirst())) {
        add(BY_NAME, name, c);
        add(BY_FOLDED_NAME, folded(name), c);
      }
      e.words.forEach(w -> add(BY_WORD, folded(w), BY_ID.get(e.id)));
      add(BY_WORD, folded(String.join("", e.words)), c);
    }
  }

  private record Entry(String id, String name, List<String> words) {}

  private ImageNetClasses() {}

  private static void add(Map<String, Set<Integer>> to, String name, int c) {
    to.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(c);
  }

  private static List<Entry> load() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                ImageNetClasses.class.getResourceAsStream("imagenet-classes.tsv"),
                StandardCharsets.UTF_8))) {
      return in.lines()
          .filter(l -> !l.startsWith("#"))
          .map(l -> l.split("\t"))
          .map(l -> new Entry(l[0], l[1], List.of(l[2].split(", "))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Letters and digits alone, in lower case. */
  private static String folded(String name) {
    return Names.form(name).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /** The names for so many outputs: of 1,001, the background's first; null for other numbers. */
  public static List<String> of(int outputs) {
    return outputs == COUNT ? NAMES : outputs == COUNT + 1 ? WITH_BACKGROUND : null;
  }

  /** Whether the classes of a model are these, with the background or without. */
  public static boolean are(List<String> classes) {
    return classes.equals(of(classes.size()));
  }

  /** WordNet's id of an output of a model with these classes; null of the background. */
  public static String id(int output, int outputs) {
    int c = output - (outputs - COUNT);
    return c < 0 ? null : ALL.get(c).id;
  }

  /** Whether any of these is understood as one of ImageNet's. */
  public static boolean anyOf(List<String> folders) {
    return areNumbers(folders) || folders.stream().anyMatch(f -> !candidates(f).isEmpty());
  }

  /** Whether these are numbers of the outputs rather than names. */
  static boolean areNumbers(List<String> folders) {
    return folders.stream().allMatch(f -> NUMBER.matcher(f).matches());
  }

  /**
   * The output that each name means, -1 for none of ImageNet's.
   *
   * @param outputs of the model, with the background or without
   * @throws UserError if a name means two classes, neither of which another one means
   */
  static int[] places(List<String> folders, int outputs) {
    int first = outputs - COUNT;
    if (areNumbers(folders)) {
      return folders.stream().mapToInt(f -> first + Integer.parseInt(f)).toArray();
    }
    List<Set<Integer>> found = folders.stream().map(ImageNetClasses::candidates).toList();
    Set<Integer> taken =
        found.stream()
            .filter(c -> c.size() == 1)
            .flatMap(Set::stream)
            .collect(Collectors.toCollection(HashSet::new));
    return IntStream.range(0, folders.size())
        .map(i -> place(folders.get(i), found.get(i), taken))
        .map(c -> c < 0 ? c : first + c)
        .toArray();
  }

  private static int place(String folder, Set<Integer> candidates, Set<Integer> taken) {
    if (candidates.size() <= 1) {
      return candidates.isEmpty() ? -1 : candidates.iterator().next();
    }
    List<Integer> left = new ArrayList<>(candidates);
    left.removeAll(taken);
    if (left.size() == 1) {
      return left.getFirst();
    }
    throw new UserError(
        "'%s' is the name of several classes of ImageNet, %s: call the folder by the one's WordNet id"
            .formatted(
                folder,
                candidates.stream()
                    .map(c -> ALL.get(c).id + " (" + ALL.get(c).name + ")")
                    .collect(Collectors.joining(" and "))));
  }

  /** The classes that a name may mean: by what says most, and only else by less. */
  private static Set<Integer> candidates(String folder) {
    Matcher id = ID.matcher(folder.strip());
    if (id.matches()) {
      Integer c = BY_ID.get("n" + id.group(1));
      return c == null ? Set.of() : Set.of(c);
    }
    Set<Integer> exact = BY_NAME.getOrDefault(Names.form(folder.strip()), Set.of());
    Set<Integer> named = BY_FOLDED_NAME.getOrDefault(folded(folder), Set.of());
    return !exact.isEmpty()
        ? exact
        : !named.isEmpty() ? named : BY_WORD.getOrDefault(folded(folder), Set.of());
  }
}
