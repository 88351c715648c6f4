package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/** The elements of attributes that can be read. */
final class Answers {
  private Answers() {}

  static long[] of(Descriptor d, Attribute a) {
    return switch (a) {
      case PLAN_WORKSPACE_SIZE -> one(d.as(ExecutionPlan.class).engine().workspaceBytes());
      case ENGINE_CONFIG_WORKSPACE_SIZE ->
          one(d.as(ExecutionPlan.Configuration.class).engine().workspaceBytes());
      case ENGINE_GLOBAL_INDEX -> one(d.as(Engine.class).index());
      case PLAN_JSON ->
          PlanText.of(d.as(ExecutionPlan.class).engine()).chars().asLongStream().toArray();
      case GRAPH_ENGINE_COUNT -> one(Engine.COUNT);
      case ENGINE_NUMERICAL_NOTE -> d.as(Engine.class).numerics().notes();
      case ENGINE_BEHAVIOR_NOTE, ENGINE_KNOB_INFO, ENGINE_LAYOUT_INFO -> new long[0];
      default -> {
        long[] set = d.elements(a);
        if (set == null) {
          throw bad("%s was not set", a);
        }
        yield set;
      }
    };
  }

  private static long[] one(long value) {
    return new long[] {value};
  }
}
