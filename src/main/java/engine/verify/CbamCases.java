package engine.verify;

import com.google.gson.JsonObject;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.nn.Cbam;
import engine.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** CBAM: a forward and backward in training mode, then a forward in evaluation mode. */
final class CbamCases {
  private CbamCases() {}

  static boolean knows(ReferenceCase c) {
    return c.attrs().get("kernel").getAsInt() == 7;
  }

  static void run(Backend backend, ReferenceCase c, Checks checks) {
    JsonObject a = c.attrs();
    try (Cbam cbam =
            new Cbam(
                backend,
                Cbam.Variant.valueOf(a.get("variant").getAsString().toUpperCase(Locale.ROOT)),
                a.get("channels").getAsInt(),
                a.get("reduction").getAsInt(),
                new SplittableRandom(0));
        Leaf x = new Leaf(new Variable(backend.memory().upload(c.in("x")), true))) {
      cbam.loadStateDict(backend, stateDict(c));
      try (Tape tape = Tape.training(backend)) {
        Variable y = cbam.forward(tape, x.variable());
        checks.array("out.y_train", backend.memory().download(y.value()));
        tape.backward(y, backend.memory().upload(c.in("dy.y_train")));
      }
      checks.array("grad.x", backend.memory().download(x.variable().grad()));
      cbam.parameters()
          .forEach((name, p) -> checks.array("grad." + name, backend.memory().download(p.grad())));
      cbam.buffers()
          .forEach(
              (name, t) -> checks.array("out.buffer_after." + name, backend.memory().download(t)));
      try (Tape tape = Tape.inference(backend)) {
        checks.array(
            "out.y_eval_after",
            backend.memory().download(cbam.forward(tape, x.variable()).value()));
      }
    }
  }

  private record Leaf(Variable variable) implements AutoCloseable {
    @Override
    public void close() {
      variable.close();
    }
  }

  /** The arrays {@code in.sd.NAME} by name. */
  static Map<String, HostTensor> stateDict(ReferenceCase c) {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    c.arrays()
        .forEach(
            (key, t) -> {
              if (key.startsWith("in.sd.")) {
                out.put(key.substring("in.sd.".length()), t);
              }
            });
    return out;
  }
}
