package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FoldTest {
  /** 11 pictures of one class, 4 of another, 2 of a third, and one alone. */
  private static final int[] LABELS =
      IntStream.range(0, 18).map(i -> i < 11 ? 0 : i < 15 ? 1 : i < 17 ? 2 : 3).toArray();

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void everyPictureIsHeldOutOnce(int parts) {
    int[] held = new int[LABELS.length];
    for (int f = 1; f <= parts; f++) {
      StratifiedSplit s = new Fold(f, parts).split(LABELS, 4, 7);
      Arrays.stream(s.val()).forEach(i -> held[i]++);
      assertEquals(18, s.train().length + s.val().length);
      assertTrue(Math.abs(s.val().length - 17.0 / parts) < 1, "parts are of one size");
      assertEquals(List.of(3), s.trainOnly());
      for (int c = 0; c < 4; c++) {
        int k = c;
        assertTrue(Arrays.stream(s.train()).anyMatch(i -> LABELS[i] == k), "trained on " + c);
      }
    }
    int[] once = new int[18];
    Arrays.fill(once, 0, 17, 1);
    assertArrayEquals(once, held);
  }

  @Test
  void theSeedChooses() {
    assertArrayEquals(
        new Fold(1, 3).split(LABELS, 4, 7).val(), new Fold(1, 3).split(LABELS, 4, 7).val());
    assertFalse(
        Arrays.equals(
            new Fold(1, 3).split(LABELS, 4, 7).val(), new Fold(1, 3).split(LABELS, 4, 8).val()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/5", "6/5", "1/1", "2", "a/b", "1/5/2", "-1/5", "1/101", ""})
  void whatIsNoPartIsRefused(String text) {
    UserError e = assertThrows(UserError.class, () -> Fold.parse(text));
    assertTrue(e.getMessage().startsWith("--fold takes which of how many parts"), e.getMessage());
  }

  /** Where there is a side to validate on, it is no part of any fold. */
  @Test
  void aValFolderIsLeftAlone(@TempDir Path temp) throws IOException {
    TestPictures.folder(temp.resolve("train"), 6, 8, "a", "b");
    TestPictures.folder(temp.resolve("val"), 2, 8, "a", "b");
    TreeSet<String> held = new TreeSet<>();
    for (int f = 1; f <= 3; f++) {
      Datasets.Split s =
          Datasets.open(temp.toString(), () -> temp, new Holdout(1, 0.2, new Fold(f, 3)));
      assertEquals(8, s.train().size());
      for (int i = 0; i < s.val().size(); i++) {
        held.add(s.val().name(i));
      }
    }
    assertEquals(12, held.size());
    assertTrue(held.stream().allMatch(n -> n.startsWith(temp.resolve("train").toString())));
  }
}
