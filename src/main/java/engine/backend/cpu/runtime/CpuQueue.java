package engine.backend.cpu.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Where every kernel of the CPU device goes through. Normally it just runs; while a plan is
 * recorded it is also kept. So a kernel must be a closed piece of work: addresses fixed, nothing
 * allocated, numbers that change read from device memory.
 */
public final class CpuQueue {
  private List<Runnable> recording;

  public void run(Runnable kernel) {
    kernel.run();
    if (recording != null) {
      recording.add(kernel);
    }
  }

  public boolean isRecording() {
    return recording != null;
  }

  public void startRecording() {
    recording = new ArrayList<>();
  }

  public List<Runnable> stopRecording() {
    List<Runnable> r = recording;
    recording = null;
    return r;
  }
}
