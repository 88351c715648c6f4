package engine.data;

import java.util.List;
import java.util.Locale;

/** The sides of a split, with the words that data sets have for them. */
public enum Side {
  TRAIN("train", "trains", "training", "trainings", "trn"),
  VAL("val", "valid", "validation", "vals", "validate", "validations", "dev", "eval", "evaluation"),
  TEST("test", "tests", "testing", "testings", "tst");

  /** Those before the first plural were always known and win over other spellings. */
  final List<String> words;

  Side(String... words) {
    this.words = List.of(words);
  }

  /** The side of this name in any case, such as {@code Validation}; null if it is of none. */
  public static Side named(String word) {
    String lower = word.strip().toLowerCase(Locale.ROOT);
    for (Side s : values()) {
      if (s.words.contains(lower)) {
        return s;
      }
    }
    return null;
  }

  /** As it is typed: {@code train}, {@code val} or {@code test}. */
  @Override
  public String toString() {
    return words.getFirst();
  }
}
