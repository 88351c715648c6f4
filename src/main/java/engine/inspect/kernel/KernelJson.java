package engine.inspect.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.TracedStep;
import engine.inspect.kernel.KernelDossier.Version;

/** A kernel for machines: figures lie under {@code compiled} or under {@code simulated}. */
public final class KernelJson {
  private KernelJson() {}

  public static JsonObject of(KernelDossier k) {
    JsonObject o = new JsonObject();
    o.addProperty("kernel", k.kernel());
    o.addProperty("source", "cuda/" + k.family() + ".cu");
    o.addProperty("idea", k.story().idea(k.kernel()));
    o.addProperty("compiler", k.compiler());
    o.add("compiled", compiled(k));
    o.add("simulated", simulated(k));
    JsonArray versions = new JsonArray();
    k.versions().forEach(v -> versions.add(version(v)));
    o.add("versions", versions);
    return o;
  }

  private static JsonObject compiled(KernelDossier k) {
    JsonObject all = new JsonObject();
    k.compiled()
        .forEach(
            (architecture, f) -> {
              JsonObject o = new JsonObject();
              o.addProperty("registers", f.registers());
              o.addProperty("shared_bytes", f.sharedBytes());
              o.addProperty("spill_bytes", f.spillBytes());
              o.addProperty("occupancy", k.occupancy(architecture));
              all.add("sm_" + architecture, o);
            });
    return all;
  }

  private static JsonObject simulated(KernelDossier k) {
    JsonObject o = launch(k.launch());
    if (k.run().fault() != null) {
      o.addProperty("fault", k.run().fault());
    } else {
      counters(o, k.counters());
    }
    JsonArray instructions = new JsonArray();
    k.run().instructions().forEach(i -> instructions.add(instruction(i)));
    o.add("instructions", instructions);
    if (!k.run().trace().isEmpty()) {
      JsonArray trace = new JsonArray();
      k.run().trace().forEach(s -> trace.add(step(s)));
      o.add("trace", trace);
      o.addProperty("trace_cut", k.run().traceCut());
    }
    return o;
  }

  private static JsonObject launch(KernelLaunch l) {
    JsonObject o = new JsonObject();
    o.addProperty("launch", l.toString());
    o.addProperty("what", l.what());
    o.addProperty("elements", l.elements());
    return o;
  }

  private static void counters(JsonObject o, KernelCounters c) {
    o.addProperty("warp_instructions", c.warpInstructions());
    o.addProperty("thread_instructions", c.threadInstructions());
    o.addProperty("active_lanes", c.activeLanes());
    o.addProperty("branches", c.branches());
    o.addProperty("diverged_branches", c.diverged());
    o.addProperty("barriers", c.barriers());
    o.addProperty("bytes_moved", c.bytesMoved());
    o.add("global_loads", traffic(c.globalLoads(), "sectors"));
    o.add("global_stores", traffic(c.globalStores(), "sectors"));
    o.add("atomics", traffic(c.atomics(), "sectors"));
    JsonObject shared = traffic(c.shared(), "wavefronts");
    shared.addProperty("bank_conflicts", c.shared().conflicts());
    o.add("shared", shared);
    JsonObject mix = new JsonObject();
    c.mix().forEach((kind, n) -> mix.addProperty(kind.text().replace(' ', '_'), n));
    o.add("mix", mix);
  }

  private static JsonObject traffic(Traffic t, String parts) {
    JsonObject o = new JsonObject();
    o.addProperty("requests", t.requests());
    o.addProperty(parts, t.parts());
    o.addProperty("bytes_asked", t.bytes());
    return o;
  }

  private static JsonObject instruction(InstructionCounts i) {
    JsonObject o = new JsonObject();
    o.addProperty("source", i.file() + ":" + i.line());
    o.addProperty("ptx_line", i.ptxLine());
    o.addProperty("ptx", i.text());
    o.addProperty("issued", i.issued());
    o.addProperty("thread_instructions", i.lanes());
    o.addProperty("diverged", i.diverged());
    o.addProperty("requests", i.requests());
    o.addProperty("parts", i.parts());
    return o;
  }

  private static JsonObject step(TracedStep s) {
    JsonObject o = new JsonObject();
    o.addProperty("instruction", s.instruction());
    o.addProperty("active", Integer.toUnsignedLong(s.active()));
    JsonArray written = new JsonArray();
    s.written()
        .forEach(
            w -> {
              JsonObject one = new JsonObject();
              one.addProperty("register", w.register());
              one.addProperty("values", TraceText.values(w, s.active()));
              written.add(one);
            });
    o.add("written", written);
    if (!s.note().isEmpty()) {
      o.addProperty("note", s.note());
    }
    return o;
  }

  private static JsonObject version(Version v) {
    JsonObject o = new JsonObject();
    o.addProperty("kernel", v.kernel());
    JsonObject compiled = new JsonObject();
    compiled.addProperty("registers_sm_" + KernelDossier.SHOWN, v.compiled().registers());
    o.add("compiled", compiled);
    JsonObject simulated = launch(v.launch());
    counters(simulated, v.counters());
    o.add("simulated", simulated);
    return o;
  }
}
