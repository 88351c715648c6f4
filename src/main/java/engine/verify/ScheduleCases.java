package engine.verify;

import com.google.gson.JsonObject;
import engine.optim.schedule.CosineAnnealingLR;
import engine.optim.schedule.CosineAnnealingWarmRestarts;
import engine.optim.schedule.LinearLR;
import engine.optim.schedule.LrSchedule;
import engine.optim.schedule.MultiStepLR;
import engine.optim.schedule.OneCycleLR;
import engine.optim.schedule.SequentialLR;
import engine.optim.schedule.StepLR;
import engine.tensor.HostTensor;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The cases of group {@code optim} whose op is {@code lr_schedule}: the rate of every epoch, as a
 * PyTorch scheduler gave it.
 */
public final class ScheduleCases implements CaseRunner {
  @Override
  public boolean knows(ReferenceCase c) {
    return c.op().equals("lr_schedule") && schedule(c.attrs()).isPresent();
  }

  @Override
  public void run(ReferenceCase c, Checks checks) {
    LrSchedule s =
        schedule(c.attrs())
            .orElseThrow(
                () -> new IllegalArgumentException("schedule " + c.attrs().get("type") + "?"));
    long epochs = c.attrs().get("epochs").getAsLong();
    double[] lr = LongStream.range(0, epochs).mapToDouble(s::lr).toArray();
    checks.array("out.lr", HostTensor.of(lr, epochs));
  }

  private static Optional<LrSchedule> schedule(JsonObject a) {
    double baseLr = a.get("base_lr").getAsDouble();
    return Optional.ofNullable(
        switch (a.get("type").getAsString()) {
          case "CosineAnnealingLR" ->
              new CosineAnnealingLR(baseLr, integer(a, "T_max"), number(a, "eta_min", 0));
          case "CosineAnnealingWarmRestarts" ->
              new CosineAnnealingWarmRestarts(
                  baseLr, integer(a, "T_0"), (int) number(a, "T_mult", 1), number(a, "eta_min", 0));
          case "StepLR" -> new StepLR(baseLr, integer(a, "step_size"), number(a, "gamma", 0.1));
          case "MultiStepLR" ->
              new MultiStepLR(
                  baseLr,
                  a.getAsJsonArray("milestones").asList().stream().map(m -> m.getAsLong()).toList(),
                  number(a, "gamma", 0.1));
          case "OneCycleLR" -> oneCycle(a);
          case "SequentialLR(LinearLR, CosineAnnealingLR)" -> linearThenCosine(a, baseLr);
          // The manifest states the lambda in words; these two attributes are its only parameters.
          case "LambdaLR" ->
              a.has("warmup") && a.has("total")
                  ? SequentialLR.countedThenCosine(
                      baseLr, integer(a, "warmup"), integer(a, "total"), 0)
                  : null;
          default -> null;
        });
  }

  private static LrSchedule oneCycle(JsonObject a) {
    boolean cosine =
        !a.has("anneal_strategy") || a.get("anneal_strategy").getAsString().equals("cos");
    return cosine
        ? new OneCycleLR(
            number(a, "max_lr", 0),
            integer(a, "total_steps"),
            number(a, "pct_start", 0.3),
            number(a, "div_factor", 25),
            number(a, "final_div_factor", 1e4))
        : null;
  }

  private static LrSchedule linearThenCosine(JsonObject a, double baseLr) {
    return new SequentialLR(
        new LinearLR(
            baseLr,
            number(a, "start_factor", 1.0 / 3),
            number(a, "end_factor", 1),
            integer(a, "total_iters")),
        new CosineAnnealingLR(baseLr, integer(a, "T_max"), number(a, "eta_min", 0)),
        a.getAsJsonArray("milestones").get(0).getAsLong());
  }

  private static long integer(JsonObject a, String key) {
    return a.get(key).getAsLong();
  }

  private static double number(JsonObject a, String key, double otherwise) {
    return a.has(key) ? a.get(key).getAsDouble() : otherwise;
  }
}
