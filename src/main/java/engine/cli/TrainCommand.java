package engine.cli;

import engine.recipe.Recipe;
import engine.run.RunFolder;
import engine.run.RunGroup;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine train}: from pictures to a checkpoint and a report. */
@Command(
    name = "train",
    description = "Trains a classifier on a folder of pictures and writes a run folder.",
    footer = {
      "",
      "Examples:",
      "  engine train --data demo",
      "  engine train --data photos --model resnet50 --epochs 10 --out runs/photos",
      "  engine train --data photos --pretrained resnet50 --minutes 10",
      "  engine train --resume runs/photos",
      "  engine train --data photos --seeds 0,1,2"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private RecipeOptions recipe;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder to write (default: a new one under runs/).")
  private Path out;

  @Option(
      names = "--resume",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "DIR",
      description =
          "Go on with the run in DIR (or --out) from its last checkpoint; with more --epochs, beyond its end.")
  private String resume;

  @Mixin private GroupOptions several;
  @Mixin private TrainingOptions how;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    how.check(resume != null, common);
    TrainingJob job = new TrainingJob(how, common, spec);
    if (resume != null) {
      Path folder = folderToResume();
      if (RunGroup.isIn(folder)) {
        ResumedRecipe.refuseInGroup(folder, spec.commandLine(), common);
        Integer epochs =
            spec.commandLine().getParseResult().matchedOptionValue("--epochs", (Integer) null);
        return new GroupTraining(folder, job, common).resume(epochs);
      }
      RunFolder run = RunFolder.containing(folder);
      return job.train(
          run, new ResumedRecipe(run, spec.commandLine(), recipe, common).read(), true);
    }
    if (several.areGiven()) {
      Recipe r = recipe.toRecipe(common);
      if (r.schedule().budget().isToBePlanned()) {
        throw common.wrong(
            "--minutes plans one run, and %s trains several: give --epochs"
                .formatted(several.suffix().replace("-", "--")));
      }
      return trainSeveral(job, several.of(r, common));
    }
    if (out == null) {
      return trainInNewFolder(job);
    }
    RunFolder run = new RunFolder(out);
    run.requireUnused();
    run.requireWritable();
    return job.train(run, recipe.toRecipe(common), false);
  }

  private int trainInNewFolder(TrainingJob job) throws IOException {
    Recipe r = recipe.toRecipe(common);
    RunFolder run = RunFolder.claim(Path.of("runs", recipe.dataName() + "-" + recipe.modelName()));
    try {
      return job.train(run, r, false);
    } finally {
      run.release();
    }
  }

  private int trainSeveral(TrainingJob job, RunGroup group) throws IOException {
    if (out != null) {
      return new GroupTraining(out, job, common).begin(group);
    }
    String name = recipe.dataName() + "-" + recipe.modelName() + several.suffix();
    RunFolder folder = RunFolder.claim(Path.of("runs", name));
    try {
      return new GroupTraining(folder.root(), job, common).begin(group);
    } finally {
      folder.release();
    }
  }

  private Path folderToResume() {
    if (resume.isEmpty() && out == null) {
      throw common.wrong("--resume needs the run folder: --resume runs/NAME");
    }
    if (!resume.isEmpty() && out != null) {
      throw common.wrong("--resume " + resume + " names the run folder already: leave out --out");
    }
    return out != null ? out : path(resume);
  }

  private Path path(String folder) {
    try {
      return Path.of(folder);
    } catch (InvalidPathException e) {
      throw common.wrong("'" + folder + "' is not a folder name: check --resume");
    }
  }
}
