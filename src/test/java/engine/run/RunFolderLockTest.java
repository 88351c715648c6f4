package engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderLockTest {
  @TempDir Path temp;

  @Test
  void aLinkInThePlaceOfTheLockIsRefused() throws IOException {
    Path run = Files.createDirectory(temp.resolve("run"));
    Path victim = temp.resolve("victim");
    Files.createSymbolicLink(run.resolve(".lock"), victim);
    UserError e = assertThrows(UserError.class, () -> new RunFolder(run).lock());
    assertTrue(e.getMessage().contains(run.toString()), e.getMessage());
    assertFalse(Files.exists(victim));
  }

  @Test
  void linksInThePlaceOfThePointersAreReplaced() throws IOException {
    Path run = Files.createDirectory(temp.resolve("run"));
    Path victim = Files.writeString(temp.resolve("victim"), "precious");
    for (String name : new String[] {"best", "last"}) {
      Files.createSymbolicLink(run.resolve(name), victim);
    }
    RunFolder folder = new RunFolder(run);
    folder.setBest(Path.of("epoch-0001"));
    folder.setLast(Path.of("epoch-0002"));
    assertEquals("precious", Files.readString(victim));
    assertEquals("epoch-0002\n", Files.readString(run.resolve("last")));
  }
}
