package engine.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.Dataset;
import engine.data.image.PixelImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClassWeightsTest {
  /** Six pictures: one of the first class, two of the second, three of the third. */
  private record Six(List<String> classNames) implements Dataset {
    @Override
    public int size() {
      return 6;
    }

    @Override
    public int label(int i) {
      return i == 0 ? 0 : i < 3 ? 1 : 2;
    }

    @Override
    public PixelImage load(int i) {
      throw new AssertionError("nobody asked for pixels");
    }

    @Override
    public String name(int i) {
      return "" + i;
    }
  }

  private static float[] weights(String text, String... classes) {
    return new Balance(text, "shuffle").weights(new Six(List.of(classes)));
  }

  @Test
  void byNameInAnyOrderAndOthersWeighOne() {
    assertArrayEquals(new float[] {0.5f, 1, 2}, weights("dog=2, cat=0.5", "cat", "cow", "dog"));
    assertArrayEquals(new float[] {1, 0, 1}, weights("cow=0", "cat", "cow", "dog"));
    assertArrayEquals(new float[] {1, 3, 1}, weights("a=b=3", "a", "a=b", "c"));
    assertArrayEquals(
        new float[] {1, 1, 4}, weights("red\\, green=4", "blue", "red", "red, green"));
    assertArrayEquals(new float[] {1, 1, 4}, weights("back\\\\=4", "a", "b", "back\\"));
  }

  @Test
  void aNameInAnotherUnicodeFormIsTheSame() {
    assertArrayEquals(new float[] {2, 1, 1}, weights("caf\u00e9=2", "cafe\u0301", "x", "y"));
  }

  @Test
  void theOtherWaysStay() {
    assertNull(weights("none", "a", "b", "c"));
    assertArrayEquals(new float[] {1, 2.5f, 0}, weights("1, 2.5,0", "a", "b", "c"));
    assertArrayEquals(new float[] {2, 1, 2 / 3f}, weights("balanced", "a", "b", "c"), 1e-6f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cta=2         | names 'cta', which is no class of this data: it has cat, cow, dog
          cat=2,1       | '1' names no class: write cat=2
          cat=2,cat=3   | names 'cat' twice
          cat=two       | by name such as cat=2,dog=0.5, not 'cat=two'
          cat=-1        | must be 0 or more each, not -1
          cat=NaN       | must be 0 or more each, not NaN
          =2            | '=2' names no class
          cat=0,cow=0,dog=0 | are 0 for every class
          0,0,0         | are all 0, so nothing could be learned
          1,2           | has 2 numbers for 3 classes: give one for each, in this order: cat, cow, dog
          balance       | must be none, balanced, a number a class
          """)
  void whatCannotBeIsSaid(String text, String said) {
    UserError e = assertThrows(UserError.class, () -> weights(text, "cat", "cow", "dog"));
    assertTrue(e.getMessage().contains(said), e.getMessage());
    assertTrue(e.getMessage().startsWith("--class-weights"), e.getMessage());
  }
}
