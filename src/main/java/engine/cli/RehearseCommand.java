package engine.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code engine rehearse}: trains and answers once on a handful of tiny pictures. The launcher runs
 * it to record which classes the JVM's ahead-of-time cache shall hold, so that commands start
 * quicker; nobody else needs it.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Trains and predicts once on a few tiny pictures in an empty folder.")
final class RehearseCommand implements Callable<Integer> {
  private static final int PICTURES = 8;
  private static final int SIDE = 40;

  @Parameters(paramLabel = "FOLDER", description = "Where to work; it is left behind.")
  private Path folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path picture = draw();
    Path run = folder.resolve("run");
    int trained =
        silently(
            "train --model resnet18 --width 0.125 --image-size 32 --batch 4 --epochs 1 --device cpu",
            "--data",
            folder.resolve("pictures").toString(),
            "--out",
            run.toString());
    int predicted =
        silently("predict --device cpu", "--checkpoint", run.toString(), picture.toString());
    return Math.max(trained, predicted);
  }

  /** Pictures of two classes; gives one of them. */
  private Path draw() throws IOException {
    Path last = null;
    for (int i = 0; i < PICTURES; i++) {
      Path of = folder.resolve("pictures").resolve(i % 2 == 0 ? "dark" : "light");
      last = Files.createDirectories(of).resolve(i + ".jpg");
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < SIDE * SIDE; p++) {
        image.setRGB(p % SIDE, p / SIDE, (i % 2) * 0xc0c0c0 + i + p);
      }
      ImageIO.write(image, "jpg", last.toFile());
    }
    return last;
  }

  private int silently(String options, String... more) {
    String[] given = options.split(" ");
    String[] args = new String[given.length + more.length];
    System.arraycopy(given, 0, args, 0, given.length);
    System.arraycopy(more, 0, args, given.length, more.length);
    return Main.run(new PrintWriter(Writer.nullWriter()), spec.commandLine().getErr(), args);
  }
}
