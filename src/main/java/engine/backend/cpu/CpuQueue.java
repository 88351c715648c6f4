package engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Where every kernel of the CPU device goes through. Normally it just runs; while a plan is
 * recorded it is also kept. So a kernel must be a closed piece of work: addresses fixed, nothing
 * allocated, numbers that change read from device memory.
 */
final class CpuQueue {
  private List<Runnable> recording;

  void run(Runnable kernel) {
    kernel.run();
    if (recording != null) {
      recording.add(kernel);
    }
  }

  boolean isRecording() {
    return recording != null;
  }

  void startRecording() {
    recording = new ArrayList<>();
  }

  List<Runnable> stopRecording() {
    List<Runnable> r = recording;
    recording = null;
    return r;
  }
}
