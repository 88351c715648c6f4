package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name beside a missing one that was most likely meant. */
final class SuggestionTest {
  @TempDir Path folder;

  private String beside(String typed, String... there) throws IOException {
    for (String name : there) {
      Files.createFile(folder.resolve(name));
    }
    return Suggestion.beside(folder.resolve(typed), _ -> true).replace(folder + "/", "");
  }

  @Test
  void aLetterTooFewOrSwappedIsFound() throws IOException {
    assertEquals("; did you mean tiny.yaml?", beside("tniy.yaml", "tiny.yaml"));
    assertEquals("; did you mean 000.png?", beside("00.png", "000.png"));
    assertEquals("; did you mean cat.jpeg?", beside("cat.jpg", "cat.jpeg"));
  }

  @Test
  void anExtensionInCommonMakesNoOtherNameNear() throws IOException {
    assertEquals("", beside("none.yaml", "tiny.yaml"));
  }

  @Test
  void anotherPictureOfASeriesIsNotMeant() throws IOException {
    assertEquals("", beside("012.png", "011.png", "013.png"));
  }

  @Test
  void aFolderThatIsNotThereHasNothingToSuggest() throws IOException {
    assertEquals("", beside("no/such.txt"));
    assertEquals("", Suggestion.beside(Path.of("/"), _ -> true));
  }
}
