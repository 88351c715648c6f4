package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every line of {@code docs/recipes.md} works, in the order of the page. Its trainings are made
 * small here: a thin network, small pictures, one epoch. Python is run where it has the package
 * that a block imports; {@code ENGINE_PYTHON} names one that has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecipesTest {
  private static final Path PAGE = Path.of("docs/recipes.md");
  private static final String SMALL = " --model resnet18 --width 0.0625 --image-size 16 --batch 8";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

  @TempDir static Path folder;
  private TypedCommands typed;

  /** A block of code of the page, and the recipe that it stands in. */
  private record Block(String recipe, String language, String text) {}

  @BeforeAll
  void takePhotos() throws IOException {
    typed =
        new TypedCommands(
            folder,
            "photos",
            "new",
            "runs",
            "published",
            "resnet50",
            "lr",
            "answers",
            "ways",
            "bad",
            "bad");
    TestPictures.folder(folder.resolve("photos"), 12, 16, "forest", "desert");
    TestPictures.folder(folder.resolve("new"), 2, 16, ".");
    String train = "train --data photos --epochs 1 --out runs/others" + SMALL;
    TypedCommands.Outcome trained = typed.run(train);
    assertEquals(0, trained.code(), trained::toString);
    Files.copy(
        folder.resolve("runs/others/checkpoints/epoch-0001/model.safetensors"),
        folder.resolve("resnet50.pth")); // the content says what it is
  }

  @TestFactory
  Stream<DynamicTest> everyRecipeWorks() throws IOException {
    return blocks().stream().map(b -> DynamicTest.dynamicTest(b.recipe(), () -> run(b)));
  }

  @Test
  void thereAreTen() throws IOException {
    List<String> recipes = blocks().stream().map(Block::recipe).distinct().toList();
    assertEquals(10, recipes.size(), recipes::toString);
    for (int i = 0; i < 10; i++) {
      assertTrue(recipes.get(i).startsWith((i + 1) + ". "), recipes.get(i));
    }
  }

  private static List<Block> blocks() throws IOException {
    List<Block> out = new ArrayList<>();
    for (String section : Files.readString(PAGE).split("(?m)^## ")) {
      Matcher m = BLOCK.matcher(section);
      while (m.find()) {
        String title = section.lines().findFirst().orElseThrow();
        out.add(new Block(title, m.group(1), m.group(2)));
      }
    }
    return out;
  }

  private void run(Block block) throws IOException, InterruptedException {
    if (block.language().equals("python")) {
      python(block.text());
      return;
    }
    for (String line : block.text().lines().filter(l -> !l.isBlank()).toList()) {
      String command = line.replaceFirst("\\s+# .*", "");
      if (command.startsWith("./engine ")) {
        TypedCommands.Outcome did = typed.run(small(command.substring("./engine ".length())));
        assertEquals(0, did.code(), () -> command + "\n" + did);
      } else {
        assertEquals("exit 0", program("sh", "-e", "-c", command), command);
      }
    }
  }

  /** The same, so small that it takes a second. */
  private static String small(String line) {
    if (line.contains("--resume")) {
      return line.replaceFirst("--epochs \\d+", "--epochs 2");
    }
    boolean trains = line.matches("(train|find-lr|sweep) .*");
    String shorter =
        line.replaceFirst("--epochs \\d+", "--epochs 1").replaceFirst("--steps \\d+", "--steps 10");
    return trains && !line.contains("--config") ? shorter + SMALL : shorter;
  }

  private void python(String text) throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("ENGINE_PYTHON", "python3");
    String imports = text.lines().filter(l -> l.startsWith("import ")).findFirst().orElseThrow();
    assumeTrue(
        program(python, "-c", imports).equals("exit 0"),
        python + " has not what \"" + imports + "\" needs; ENGINE_PYTHON names one that has");
    assertEquals("exit 0", program(python, "-c", text));
  }

  /** "exit 0", or how else it ended and what it said. */
  private static String program(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    try {
      Process p = builder.start();
      String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = p.waitFor();
      return "exit " + code + (code == 0 ? "" : "\n" + said);
    } catch (IOException e) {
      return String.valueOf(e.getMessage()); // there is no such program
    }
  }
}
