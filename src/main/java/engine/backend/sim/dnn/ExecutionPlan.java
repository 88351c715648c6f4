package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/** An engine that was found to support its graph. */
record ExecutionPlan(Engine engine) {

  /** A finalised engine configuration. */
  record Configuration(Engine engine) {
    static Configuration of(Descriptor d) {
      if (!d.parts(Attribute.ENGINE_CONFIG_KNOB_CHOICES).isEmpty()) {
        throw bad("the software GPU's engines have no knobs");
      }
      return new Configuration(d.part(Attribute.ENGINE_CONFIG_ENGINE, Engine.class));
    }
  }

  /**
   * @param here the device of a handle
   */
  static ExecutionPlan of(Descriptor d, DeviceProperties here) {
    if (!d.has(Attribute.PLAN_HANDLE) && !d.has(Attribute.PLAN_DEVICE_PROPERTIES)) {
      throw bad("a plan needs a handle or device properties");
    }
    DeviceProperties described =
        d.optionalPart(Attribute.PLAN_DEVICE_PROPERTIES, DeviceProperties.class);
    DeviceProperties device = described == null ? here : described;
    if (d.has(Attribute.PLAN_JSON)) {
      return new ExecutionPlan(PlanText.read(d.text(Attribute.PLAN_JSON), device));
    }
    Engine engine = d.part(Attribute.PLAN_ENGINE_CONFIG, Configuration.class).engine;
    engine.checkSupport(device);
    return new ExecutionPlan(engine);
  }
}
