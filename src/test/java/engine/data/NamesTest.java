package engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
  private static final String NFC = "Caf\u00e9";
  private static final String NFD = "Cafe\u0301";

  @TempDir Path root;

  private void picture(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  @Test
  void theOrderIsByCodePointAsInPython() {
    // python3 -c "print(sorted(['😀', 'Ａ', 'b', 'b😀', 'bＡ', '\ue000', '\ud7ff', '𠀀', '', 'B']))"
    List<String> python =
        List.of("", "B", "b", "b\uff21", "b😀", "\ud7ff", "\ue000", "\uff21", "😀", "\ud840\udc00");
    List<String> names = new ArrayList<>(python);
    Collections.shuffle(names, new Random(1));
    names.sort(Names.ORDER);
    assertEquals(python, names);
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      int[] a = random.ints(2, 0xd700, 0x10400).filter(c -> c < 0xd800 || c > 0xdfff).toArray();
      int[] b = random.ints(2, 0xd700, 0x10400).filter(c -> c < 0xd800 || c > 0xdfff).toArray();
      int byUnits = Names.ORDER.compare(new String(a, 0, a.length), new String(b, 0, b.length));
      assertEquals(Integer.signum(Arrays.compare(a, b)), Integer.signum(byUnits));
    }
  }

  @Test
  void classesAndFilesAreReadInThatOrder() throws IOException {
    for (String c : List.of("😀", "\uff21", "b")) {
      for (String f : List.of("😀.jpg", "\uff21.jpg", "b.jpg")) {
        picture(c + "/" + f);
      }
    }
    ImageFolder folder = ImageFolder.open(root, true);
    assertEquals(List.of("b", "\uff21", "😀"), folder.classNames());
    assertTrue(folder.name(1).endsWith("\uff21.jpg") && folder.name(2).endsWith("😀.jpg"));
  }

  @Test
  void sidesMayWriteTheSameNameInOtherForms() throws IOException {
    for (int i = 0; i < 2; i++) {
      picture("train/" + NFC + "/" + i + ".jpg");
      picture("train/Tee/" + i + ".jpg");
      picture("val/" + NFD + "/" + i + ".jpg");
    }
    picture("val/Tee/0.jpg");
    Datasets.Split split = Datasets.open(root.toString(), () -> root, 1, 0.2);
    assertEquals(List.of(NFC, "Tee"), split.val().classNames());
    assertArrayEquals(new int[] {0, 0, 1}, split.val().labels());
  }

  @Test
  void twoFoldersOfOneSideThatDifferInFormAloneAreRefusedVisibly() throws IOException {
    picture(NFC + "/0.jpg");
    picture(NFD + "/0.jpg");
    UserError e = assertThrows(UserError.class, () -> ImageFolder.open(root, true));
    assertTrue(e.getMessage().contains("(Caf\\u00e9)"), e.getMessage());
    assertTrue(e.getMessage().contains("(Cafe\\u0301)"), e.getMessage());
  }

  @Test
  void labelsFollowTheModelWhateverTheOrderOnDisk() throws IOException {
    for (String c : List.of("z", "e\u0301", "a")) {
      picture(c + "/0.jpg");
    }
    ImageFolder disk = ImageFolder.open(root, true);
    assertEquals(List.of("a", "e\u0301", "z"), disk.classNames());
    List<String> model = List.of("a", "z", "\u00e9");
    Dataset d = Relabelled.of(disk, model);
    assertEquals(model, d.classNames());
    assertArrayEquals(new int[] {0, 2, 1}, d.labels());
    assertNull(Relabelled.of(disk, List.of("a", "z")));
    assertNull(Relabelled.of(disk, List.of("a", "z", "e")));
    assertNull(Relabelled.of(disk, List.of("a", "z", "\u00e9", "x")));
    assertArrayEquals(
        new int[] {0, 2, 1},
        new KnownClasses(model, true, false)
            .of(ImageFolder.all(root), root, new ArrayList<>())
            .labels());
  }
}
