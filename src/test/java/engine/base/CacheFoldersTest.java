package engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheFoldersTest {
  @TempDir Path temp;

  @Test
  void theLastResortCarriesTheNumberOfTheUserWhoMayHaveNoName() throws IOException {
    Object me = Files.getAttribute(Files.createFile(temp.resolve("mine")), "unix:uid");
    assertEquals("engine-" + me, CacheFolders.temporary().getFileName().toString());
  }

  @Test
  void whoHasNoHomeGetsOneThatIsNoQuestionMark() {
    String before = System.getProperty("user.home");
    try {
      for (String unknown : new String[] {"?", "", "relative"}) {
        System.setProperty("user.home", unknown);
        CacheFolders.giveHome();
        assertTrue(Path.of(System.getProperty("user.home")).isAbsolute());
      }
      System.setProperty("user.home", temp.toString());
      CacheFolders.giveHome();
      assertEquals(temp.toString(), System.getProperty("user.home"));
    } finally {
      System.setProperty("user.home", before);
    }
  }
}
