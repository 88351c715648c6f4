package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageNetClassesTest {
  private static int place(String folder) {
    return ImageNetClasses.places(List.of(folder), 1000)[0];
  }

  @Test
  void aThousandDifferentNamesAndIdsInWordNetsOrder() {
    List<String> names = ImageNetClasses.of(1000);
    List<String> ids = IntStream.range(0, 1000).mapToObj(c -> ImageNetClasses.id(c, 1000)).toList();
    assertEquals(1000, new HashSet<>(names).size());
    assertEquals(ids.stream().sorted().distinct().toList(), ids);
    assertEquals("toilet tissue", names.getLast());
    assertEquals("n15075141", ids.getLast());
    assertTrue(ImageNetClasses.are(List.copyOf(names)));
    assertFalse(ImageNetClasses.are(names.reversed()));
    assertNull(ImageNetClasses.of(999));
  }

  @Test
  void tensorFlowsBackgroundStandsBeforeTheOthers() {
    assertEquals("background", ImageNetClasses.of(1001).getFirst());
    assertNull(ImageNetClasses.id(0, 1001));
    assertEquals("n01440764", ImageNetClasses.id(1, 1001));
    assertArrayEquals(new int[] {1}, ImageNetClasses.places(List.of("tench"), 1001));
  }

  /** Also of torchvision's own names, two of which WordNet has for two classes. */
  @Test
  void eachNameAndEachIdMeansItsOwnClass() {
    int[] all = IntStream.range(0, 1000).toArray();
    assertArrayEquals(all, ImageNetClasses.places(ImageNetClasses.of(1000), 1000));
    assertArrayEquals(
        all,
        ImageNetClasses.places(
            IntStream.of(all).mapToObj(c -> ImageNetClasses.id(c, 1000)).toList(), 1000));
  }

  /** Imagenette's, Imagewoof's, Stanford Dogs' and people's own. */
  @ParameterizedTest
  @CsvSource({
    "n01440764, 0",
    "N01440764, 0",
    "n02085620-Chihuahua, 151",
    "n02085620_chihuahua, 151",
    "English_springer, 217",
    "english springer, 217",
    "English-Springer-Spaniel, 217",
    "GOLDEN RETRIEVER, 207",
    "Cardigan, 264",
    "cardigan, 474",
    "carpenters_kit, 477",
    "'tench, Tinca tinca', 0",
    "French horn, 566",
    "gas_pump, 571",
    "Old English sheepdog, 229",
    "toilet paper, 999",
    "n99999999, -1",
    "n014407640, -1",
    "forest, -1",
    "'', -1",
    "'---', -1",
  })
  void aFolderIsUnderstoodAsPeopleCallIt(String folder, int output) {
    assertEquals(output, place(folder));
  }

  @Test
  void aNameOfTwoClassesIsTakenOnlyWhereTheOtherIsThereToo() {
    for (String name : List.of("crane", "maillot", "panda", "CARDIGAN", "missile launcher crane")) {
      if (name.contains(" ")) {
        assertEquals(-1, place(name));
      } else {
        String said = assertThrows(UserError.class, () -> place(name)).getMessage();
        assertTrue(said.contains("several classes of ImageNet, n0"), said);
      }
    }
    assertArrayEquals(
        new int[] {387, 388}, ImageNetClasses.places(List.of("red panda", "panda"), 1000));
    assertArrayEquals(
        new int[] {517, 134}, ImageNetClasses.places(List.of("crane", "crane bird"), 1000));
  }

  @Test
  void foldersThatAreAllNumbersAreTheOutputs() {
    assertArrayEquals(
        new int[] {0, 10, 999}, ImageNetClasses.places(List.of("0", "10", "999"), 1000));
    assertArrayEquals(new int[] {1, 11}, ImageNetClasses.places(List.of("000", "010"), 1001));
    assertArrayEquals(new int[] {-1, 0}, ImageNetClasses.places(List.of("7", "tench"), 1000));
  }
}
