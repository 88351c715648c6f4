package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.optim.Optimizer;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Networks against PyTorch, in three kinds of case: values of a net; its gradients ({@code
 * NAME_grads}); its parameters after three steps of AdamW. The tolerances of the last two are those
 * in the manifest's notes, which single elements cannot be held to.
 */
final class NetworkCases {
  private static final String AFTER = "out.params_after_3_adamw.";
  private static final int STEPS = 3;

  private NetworkCases() {}

  static void run(Backend backend, ReferenceCase c, Checks checks) throws IOException {
    if (!c.attrs().has("of")) {
      values(backend, c, checks);
    } else if (c.arrays().keySet().stream().anyMatch(k -> k.startsWith(AFTER))) {
      parameters(backend, c, checks);
    } else {
      gradients(backend, c, checks);
    }
  }

  private static void values(Backend backend, ReferenceCase c, Checks checks) throws IOException {
    try (ReferenceNetwork net = new ReferenceNetwork(backend, c)) {
      net.checkFiles(checks);
      checks.that("the state dict has torchvision's names and shapes", net.hasListedState());
      checks.scalar(
          "parameters", c.attrs().get("n_params").getAsLong(), net.model.parameterCount(), 0);
      checks.array("out.logits_eval", net.evaluate());
      net.activations()
          .forEach(
              (layer, t) -> {
                if (c.has("out.eval_sample0." + layer)) {
                  checks.array("out.eval_sample0." + layer, t);
                }
              });
      ReferenceNetwork.Pass pass = net.train();
      checks.array("out.logits_train", pass.logits());
      checks.array("out.loss", HostTensor.of(new float[] {(float) pass.loss()}, 1));
      checks.array("out.grad_norms", norms(net.gradients(), c.attrs()));
      net.model
          .buffers()
          .forEach(
              (name, t) ->
                  checks.array("out.buffers_after_1_step." + name, backend.memory().download(t)));
    }
    if (c.has("out.losses_3_steps")) {
      try (ReferenceNetwork net = new ReferenceNetwork(backend, c)) {
        checks.array("out.losses_3_steps", HostTensor.of(adamW(backend, net), STEPS));
      }
    }
  }

  /** Each tensor within 1e-3 of its norm, or of a thousandth of the largest tensor's. */
  private static void gradients(Backend backend, ReferenceCase c, Checks checks)
      throws IOException {
    try (ReferenceNetwork net = new ReferenceNetwork(backend, c)) {
      net.train();
      double largest = c.arrays().values().stream().mapToDouble(NetworkCases::norm).max().orElse(0);
      net.gradients()
          .forEach(
              (name, g) -> {
                HostTensor want = c.arrays().get("grad." + name);
                double size = want == null ? 0 : norm(want);
                checks.norm("grad." + name, g, 1e-3 * Math.max(size, 1e-3 * largest));
              });
    }
  }

  /**
   * 99 % of the elements within 0.05 lr, none beyond 6 lr: Adam makes a step of lr of a gradient
   * near 0.
   */
  private static void parameters(Backend backend, ReferenceCase c, Checks checks)
      throws IOException {
    double lr = c.attrs().getAsJsonObject("adamw").get("lr").getAsDouble();
    try (ReferenceNetwork net = new ReferenceNetwork(backend, c)) {
      adamW(backend, net);
      Map<String, HostTensor> state = net.model.stateDict(backend);
      long elements = 0;
      long far = 0;
      for (var e : c.arrays().entrySet()) {
        HostTensor got = state.get(e.getKey().substring(AFTER.length()));
        checks.array(e.getKey(), got, 6 * lr, Double.POSITIVE_INFINITY);
        if (got != null && got.shape().equals(e.getValue().shape())) {
          elements += got.shape().elements();
          far += beyond(got, e.getValue(), 0.05 * lr);
        }
      }
      checks.scalar(
          "the share of elements off by more than 0.05 lr", 0, (double) far / elements, 0.01);
    }
  }

  /** Three steps on the same batch; returns the losses. */
  private static double[] adamW(Backend backend, ReferenceNetwork net) {
    double[] losses = new double[STEPS];
    JsonObject hyper = net.attrs().getAsJsonObject("adamw");
    try (Optimizer optimizer =
        ReferenceOptimizer.of(backend, "AdamW", hyper, List.of(), net.model.parameters())) {
      for (int i = 0; i < STEPS; i++) {
        losses[i] = net.train().loss();
        optimizer.step();
        optimizer.zeroGrad();
      }
    }
    return losses;
  }

  private static HostTensor norms(Map<String, HostTensor> gradients, JsonObject attrs) {
    List<Float> norms = new ArrayList<>();
    for (JsonElement name : attrs.getAsJsonArray("grad_names")) {
      HostTensor g = gradients.get(name.getAsString());
      norms.add(g == null ? Float.NaN : (float) norm(g));
    }
    float[] out = new float[norms.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = norms.get(i);
    }
    return HostTensor.of(out, out.length);
  }

  private static double norm(HostTensor t) {
    double sum = 0;
    for (double v : t.toDoubles()) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }

  private static long beyond(HostTensor got, HostTensor want, double limit) {
    long n = 0;
    for (long i = 0; i < want.shape().elements(); i++) {
      // Written so that NaN counts.
      if (!(Math.abs(got.get(i) - want.get(i)) <= limit)) {
        n++;
      }
    }
    return n;
  }
}
