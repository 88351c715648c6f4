package engine.backend.cpu.dnnl;

import engine.backend.UnsupportedOnDeviceException;
import engine.base.Setting;
import engine.ffi.Dnnl;

/** Turns oneDNN's status codes into exceptions that name the call, the status and the shapes. */
public final class DnnlStatus {
  private DnnlStatus() {}

  public static void check(int status, String call, Object what) {
    if (status == Dnnl.dnnl_success) {
      return;
    }
    String meaning =
        switch (status) {
          case Dnnl.dnnl_out_of_memory -> "out of memory: take a smaller " + Setting.BATCH;
          case Dnnl.dnnl_invalid_arguments -> "invalid arguments";
          case Dnnl.dnnl_unimplemented ->
              "not implemented for these shapes, types and layouts on this CPU";
          default -> "status " + status;
        };
    String text = call + " of oneDNN failed for " + what + ": " + meaning;
    if (status == Dnnl.dnnl_unimplemented) {
      throw new UnsupportedOnDeviceException(text);
    }
    throw new IllegalStateException(text);
  }
}
