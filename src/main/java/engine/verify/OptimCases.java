package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.optim.Ema;
import engine.optim.GradClip;
import engine.optim.LossScaler;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.optim.Sgd;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cases of group {@code optim} that are no schedules: the path of a few parameters under given
 * gradients, the loss scaler, the moving average.
 */
public final class OptimCases implements CaseRunner {
  private final Backend backend;

  public OptimCases(Backend backend) {
    this.backend = backend;
  }

  @Override
  public boolean knows(ReferenceCase c) {
    return switch (c.op()) {
      case "grad_scaler", "grad_unscale", "ema" -> true;
      default -> ReferenceOptimizer.knows(c.op(), hyper(c), groups(c));
    };
  }

  @Override
  public void run(ReferenceCase c, Checks checks) {
    switch (c.op()) {
      case "grad_scaler" -> scaler(c, checks);
      case "grad_unscale" -> unscale(c, checks);
      case "ema" -> ema(c, checks);
      default -> path(c, checks);
    }
  }

  /**
   * {@code out.params.*} has a row a step; {@code out.state.*} is what the optimiser holds at the
   * end.
   */
  private void path(ReferenceCase c, Checks checks) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (String key : c.arrays().keySet()) {
      if (key.startsWith("in.p0.")) {
        parameters.put(key.substring("in.p0.".length()), parameter(c.arrays().get(key)));
      }
    }
    Map<String, List<HostTensor>> rows = new LinkedHashMap<>();
    int steps = c.attrs().get("steps").getAsInt();
    float[] norms = new float[steps];
    boolean clips = c.attrs().has("clip_grad_norm");
    double maxNorm = number(c.attrs(), "clip_grad_norm", Double.POSITIVE_INFINITY);
    try (Optimizer optimizer =
            ReferenceOptimizer.of(backend, c.op(), hyper(c), groups(c), parameters);
        GradClip clip = new GradClip(backend, maxNorm)) {
      for (int i = 0; i < steps; i++) {
        for (var e : parameters.entrySet()) {
          setGradient(e.getValue(), row(c.in("grads." + e.getKey()), i));
        }
        clip.measure(optimizer);
        optimizer.step(clips ? clip : null);
        norms[i] = (float) clip.norm();
        optimizer.zeroGrad();
        parameters.forEach(
            (name, p) ->
                rows.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(backend.memory().download(p.value())));
      }
      rows.forEach((name, r) -> checks.array("out.params." + name, stack(r)));
      if (clips) {
        checks.array("out.total_norm_before_clip", HostTensor.of(norms, steps));
      }
      optimizer
          .stateDict()
          .forEach(
              (key, t) -> {
                int dot = key.lastIndexOf('.');
                String kind = key.substring(dot + 1);
                if (t.shape().rank() > 0) {
                  checks.array("out.state." + kind + "." + key.substring(0, dot), t);
                }
              });
    } finally {
      parameters.values().forEach(Parameter::close);
    }
  }

  /** A parameter of one element gets gradients that are infinite where the case says so. */
  private void scaler(ReferenceCase c, Checks checks) {
    HostTensor infinite = c.in("found_inf");
    int n = infinite.shape().size(0);
    double[] scales = new double[n];
    int[] trackers = new int[n];
    byte[] stepped = new byte[n];
    Parameter p = parameter(HostTensor.of(new float[] {0}, 1));
    try (LossScaler scaler =
            new LossScaler(
                backend,
                number(c.attrs(), "init_scale", 65536),
                number(c.attrs(), "growth_factor", 2),
                number(c.attrs(), "backoff_factor", 0.5),
                (int) number(c.attrs(), "growth_interval", 2000));
        GradClip clip = new GradClip(backend, Double.POSITIVE_INFINITY, scaler);
        Optimizer optimizer = new Sgd(backend, one(p, 1), 0, 0, false)) {
      double before = 0;
      for (int i = 0; i < n; i++) {
        float scale = (float) scaler.stateDict().get("scale").item();
        float g = infinite.get(i) != 0 ? Float.POSITIVE_INFINITY : -scale;
        setGradient(p, HostTensor.of(new float[] {g}, 1));
        clip.measure(optimizer);
        optimizer.step(clip);
        scaler.update(clip);
        double after = backend.memory().download(p.value()).item();
        stepped[i] = (byte) (after == before ? 0 : 1);
        before = after;
        scales[i] = scaler.stateDict().get("scale").item();
        trackers[i] = (int) scaler.stateDict().get("growth_tracker").item();
      }
    } finally {
      p.close();
    }
    checks.array("out.scale_after", HostTensor.of(scales, n));
    checks.array("out.growth_tracker_after", HostTensor.of(trackers, n));
    checks.array("out.step_taken", HostTensor.of(stepped, n));
  }

  private void unscale(ReferenceCase c, Checks checks) {
    Parameter p = parameter(HostTensor.zeros(DType.F32, c.in("g").shape()));
    try (LossScaler scaler = new LossScaler(backend, c.in("scale").item(), 2, 0.5, 2000);
        GradClip clip = new GradClip(backend, Double.POSITIVE_INFINITY, scaler);
        Optimizer optimizer = new Sgd(backend, one(p, 1), 0, 0, false)) {
      setGradient(p, c.in("g"));
      clip.measure(optimizer);
      clip.applyInPlace(optimizer);
      checks.array("out.g_unscaled", backend.memory().download(p.grad()));
      checks.array("out.found_inf", found(clip));
      setGradient(p, c.in("g_bad"));
      clip.measure(optimizer);
      checks.array("out.found_inf_bad", found(clip));
    } finally {
      p.close();
    }
  }

  private void ema(ReferenceCase c, Checks checks) {
    HostTensor w = c.in("w");
    Parameter p = parameter(row(w, 0));
    List<HostTensor> rows = new ArrayList<>();
    try (Ema ema =
        Ema.ofParameters(backend, Map.of("w", p), c.attrs().get("decay").getAsDouble())) {
      for (int i = 1; i < w.shape().size(0); i++) {
        backend.memory().uploadInPlace(row(w, i), p.value());
        ema.update();
        rows.add(ema.stateDict().get("w"));
      }
    } finally {
      p.close();
    }
    checks.array("out.ema", stack(rows));
  }

  private static HostTensor found(GradClip clip) {
    return HostTensor.of(new byte[] {(byte) (clip.skips() ? 1 : 0)}, 1);
  }

  private static List<ParameterGroup> one(Parameter p, double lr) {
    return ParameterGroup.all(Map.of("p", p), lr, 0);
  }

  private Parameter parameter(HostTensor value) {
    return new Parameter(backend.memory().upload(value), true);
  }

  private void setGradient(Parameter p, HostTensor g) {
    p.replaceGrad(backend.memory().upload(g));
  }

  /** Row {@code i} of the first axis. */
  static HostTensor row(HostTensor t, int i) {
    long[] dims = t.shape().dims();
    long n = t.shape().elements() / dims[0] * t.dtype().bytes();
    Shape shape = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    return new HostTensor(t.dtype(), shape, t.data().asSlice(i * n, n));
  }

  private static HostTensor stack(List<HostTensor> rows) {
    Shape row = rows.getFirst().shape();
    long[] dims = new long[row.rank() + 1];
    dims[0] = rows.size();
    System.arraycopy(row.dims(), 0, dims, 1, row.rank());
    HostTensor out = HostTensor.zeros(DType.F32, Shape.of(dims));
    long bytes = row.elements() * 4;
    for (int i = 0; i < rows.size(); i++) {
      out.data().asSlice(i * bytes, bytes).copyFrom(rows.get(i).data());
    }
    return out;
  }

  private static JsonObject hyper(ReferenceCase c) {
    return c.attrs().has("hyper") ? c.attrs().getAsJsonObject("hyper") : new JsonObject();
  }

  private static List<JsonObject> groups(ReferenceCase c) {
    return c.attrs().has("groups")
        ? c.attrs().getAsJsonArray("groups").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .toList()
        : List.of();
  }

  private static double number(JsonObject o, String key, double otherwise) {
    return o.has(key) ? o.get(key).getAsDouble() : otherwise;
  }
}
