package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.base.Setting;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class SettingTest {
  @Test
  void whatMessagesAskForIsAnOptionOfSomeCommand() {
    Set<String> options = new HashSet<>();
    collect(new CommandLine(Main.class), options);
    Set<String> unknown = new TreeSet<>();
    for (Setting s : Setting.values()) {
      if (!options.contains(s.toString())) {
        unknown.add(s.toString());
      }
    }
    assertEquals(Set.of(), unknown, "no command has these, which messages ask for");
    assertEquals("--image-size", Setting.IMAGE_SIZE.toString());
  }

  private static void collect(CommandLine command, Set<String> to) {
    to.addAll(command.getCommandSpec().optionsMap().keySet());
    command.getSubcommands().values().forEach(c -> collect(c, to));
  }
}
