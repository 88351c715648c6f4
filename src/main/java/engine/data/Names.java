package engine.data;

import engine.base.UserError;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How names of classes and files are ordered and compared. Names are kept as they are on disk; two
 * that differ only in their Unicode form (é as one character or as e with an accent, as file
 * systems of Macs write it) are taken for the same class.
 */
final class Names {
  /**
   * By code point, as Python and torchvision sort; {@code String}'s own order is by UTF-16 unit,
   * which puts emoji and rare ideographs before U+E000 to U+FFFF.
   */
  static final Comparator<String> ORDER = Names::compare;

  private Names() {}

  private static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Integer.compare(rank(x), rank(y));
      }
    }
    return a.length() - b.length();
  }

  /** Surrogates, which stand for the largest code points, after all other units. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + Character.MAX_VALUE : unit;
  }

  /** What is the same for names that differ only in their Unicode form. */
  static String form(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /**
   * The place of each class by its {@link #form}.
   *
   * @param where whose classes they are, for the message
   * @throws UserError if two differ only in their form
   */
  static Map<String, Integer> places(List<String> classes, Object where) {
    Map<String, Integer> places = HashMap.newHashMap(classes.size());
    for (int c = 0; c < classes.size(); c++) {
      Integer other = places.put(form(classes.get(c)), c);
      if (other != null) {
        throw new UserError(
            "two classes of %s differ only in the Unicode form of their names, '%s' (%s) and '%s' (%s): put the pictures of one into the folder of the other"
                .formatted(
                    where,
                    classes.get(other),
                    escaped(classes.get(other)),
                    classes.get(c),
                    escaped(classes.get(c))));
      }
    }
    return places;
  }

  /** With the code of whatever is not ASCII, so that the eye can tell forms apart. */
  static String escaped(String name) {
    StringBuilder out = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (c >= ' ' && c < 0x7f) {
                out.appendCodePoint(c);
              } else {
                out.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
              }
            });
    return out.toString();
  }
}
