package engine.cli;

import engine.console.Units;
import engine.recipe.Budget;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options that give a run so much time, and those that repeat what was made of it. */
final class BudgetOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description =
          "Time for the whole command, in place of --epochs: sizes of the pictures and numbers of steps are planned from a measured rate, printed, and kept in config.json. With --epochs, that many at most.")
  private Double minutes;

  @Option(
      names = "--timetable",
      split = ",",
      paramLabel = "N",
      description =
          "The epochs that --minutes planned, as a config.json has them: 2x137@96 for two epochs of 137 steps at 96 pixels. With them no clock is looked at.")
  private List<String> timetable = new ArrayList<>();

  @Option(
      names = "--retimed",
      split = ",",
      paramLabel = "STEP:STEPS",
      description =
          "Where the length of the run was changed on the way, as a config.json has it; the schedule's time runs faster or slower from there.")
  private List<String> retimed = new ArrayList<>();

  /**
   * A timetable that a file has gives way to minutes or epochs that are typed; beside a timetable
   * minutes say nothing.
   */
  Budget toBudget(CommonOptions common) {
    boolean anew = isTyped("--minutes") || isTyped("--epochs") && !isTyped("--timetable");
    boolean none = minutes != null && minutes == 0 && !isTyped("--minutes"); // as a file has it
    if (minutes != null && !(minutes > 0) && !none) {
      throw common.wrong("--minutes must be above 0, not " + Units.compact(minutes));
    }
    boolean planned = !timetable.isEmpty() && !anew;
    boolean timed = minutes != null && !planned && (isTyped("--minutes") || !isTyped("--epochs"));
    return planned ? new Budget(0, timetable, retimed) : timed ? Budget.of(minutes) : Budget.NONE;
  }

  private boolean isTyped(String option) {
    ParseResult typed = command == null ? null : command.commandLine().getParseResult();
    return typed != null && typed.hasMatchedOption(option);
  }
}
