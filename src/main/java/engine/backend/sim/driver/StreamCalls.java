package engine.backend.sim.driver;

import engine.ffi.CudaDriver;

/** Streams, events, and stream capture. Stream 0 is the default one. */
final class StreamCalls {
  private final SimDevice device;
  private final Handles<Stream> streams = new Handles<>("CUstream", 1);
  private final Handles<Event> events = new Handles<>("CUevent", 2);
  private final Stream defaultStream = new Stream();
  private int capturing;

  StreamCalls(SimDevice device) {
    this.device = device;
  }

  /** Runs work in the stream's order, or notes it in the graph that the stream is captured to. */
  void submit(long stream, Runnable work) {
    Stream s = stream(stream);
    if (s.capture == null) {
      work.run();
    } else {
      s.capture.nodes.add(work);
    }
  }

  Stream stream(long handle) {
    device.context.requireCurrent();
    return handle == 0 ? defaultStream : streams.get(handle);
  }

  /** Calls that wait for the device or allocate break a capture in global mode. */
  void forbidDuringCapture(String call) {
    if (capturing > 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
          call + " is not allowed while a stream is captured");
    }
  }

  void cuStreamCreate(long phStream, int flags) {
    device.context.requireCurrent();
    if ((flags & ~CudaDriver.CU_STREAM_NON_BLOCKING) != 0) {
      throw invalid("Flags 0x%x".formatted(flags));
    }
    HostMemory.notNull(phStream, "phStream");
    HostMemory.putLong(phStream, "phStream", streams.add(new Stream()));
  }

  void cuStreamDestroy_v2(long hStream) {
    Stream s = streams.remove(hStream);
    if (s.capture != null) {
      endCapture(s.capture);
    }
  }

  void cuStreamSynchronize(long hStream) {
    waitFor(hStream, "cuStreamSynchronize");
  }

  void cuStreamQuery(long hStream) {
    waitFor(hStream, "cuStreamQuery");
  }

  private void waitFor(long hStream, String call) {
    Stream s = stream(hStream);
    if (s.capture != null) {
      s.capture.invalid = true;
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
          call + " is not allowed on a stream that is captured");
    }
  }

  void cuStreamWaitEvent(long hStream, long hEvent, int flags) {
    Stream s = stream(hStream);
    Event e = events.get(hEvent);
    if (flags != 0) {
      throw invalid("Flags must be 0");
    }
    if (e.capture != null && s.capture == null) {
      s.capture = e.capture; // the stream joins the capture
      e.capture.joined.add(s);
    } else if (s.capture != null && e.capture != s.capture) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_ISOLATION,
          "the event was recorded outside the stream's capture");
    }
    // otherwise the work before the event is done already
  }

  // ---- events ----

  void cuEventCreate(long phEvent, int flags) {
    device.context.requireCurrent();
    if ((flags & ~(CudaDriver.CU_EVENT_BLOCKING_SYNC | CudaDriver.CU_EVENT_DISABLE_TIMING)) != 0) {
      throw invalid("Flags 0x%x".formatted(flags));
    }
    HostMemory.notNull(phEvent, "phEvent");
    boolean timing = (flags & CudaDriver.CU_EVENT_DISABLE_TIMING) == 0;
    HostMemory.putLong(phEvent, "phEvent", events.add(new Event(timing)));
  }

  void cuEventDestroy_v2(long hEvent) {
    events.remove(hEvent);
  }

  void cuEventRecord(long hEvent, long hStream) {
    Stream s = stream(hStream);
    Event e = events.get(hEvent);
    e.capture = s.capture;
    if (s.capture == null) {
      e.nanos = System.nanoTime();
    }
  }

  void cuEventQuery(long hEvent) {
    settled(hEvent);
  }

  void cuEventSynchronize(long hEvent) {
    settled(hEvent);
  }

  private Event settled(long hEvent) {
    device.context.requireCurrent();
    Event e = events.get(hEvent);
    if (e.capture != null) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_CAPTURED_EVENT, "the event was last recorded in a capture");
    }
    return e;
  }

  void cuEventElapsedTime(long pMilliseconds, long hStart, long hEnd) {
    Event start = settled(hStart);
    Event end = settled(hEnd);
    if (!start.timing || !end.timing || start.nanos == 0 || end.nanos == 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_INVALID_HANDLE,
          "an event was made without timing or was never recorded");
    }
    HostMemory.putFloat(pMilliseconds, "pMilliseconds", (end.nanos - start.nanos) / 1e6f);
  }

  // ---- capture ----

  void cuStreamBeginCapture_v2(long hStream, int mode) {
    Stream s = stream(hStream);
    if (s == defaultStream || s.capture != null) {
      throw new CudaError(
          s == defaultStream
              ? CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
              : CudaDriver.CUDA_ERROR_ILLEGAL_STATE,
          s == defaultStream
              ? "the default stream cannot be captured"
              : "the stream is captured already");
    }
    if (mode < 0 || mode > CudaDriver.CU_STREAM_CAPTURE_MODE_RELAXED) {
      throw invalid("mode " + mode);
    }
    s.capture = new Stream.Capture(s, mode);
    capturing += restricts(s.capture) ? 1 : 0;
  }

  void cuStreamEndCapture(long hStream, long phGraph) {
    Stream s = stream(hStream);
    Stream.Capture c = s.capture;
    if (c == null) {
      throw new CudaError(CudaDriver.CUDA_ERROR_ILLEGAL_STATE, "the stream is not captured");
    }
    if (c.origin != s) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "the capture began on another stream");
    }
    HostMemory.notNull(phGraph, "phGraph");
    endCapture(c);
    if (c.invalid) {
      HostMemory.putLong(phGraph, "phGraph", 0);
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED,
          "a call that is not allowed broke the capture");
    }
    HostMemory.putLong(phGraph, "phGraph", graphs.add(new Graph(c.nodes)));
  }

  private void endCapture(Stream.Capture c) {
    capturing -= restricts(c) ? 1 : 0;
    c.joined.forEach(s -> s.capture = null);
  }

  private static boolean restricts(Stream.Capture c) {
    return c.mode != CudaDriver.CU_STREAM_CAPTURE_MODE_RELAXED;
  }

  /** What captures end in; {@link GraphCalls} does the rest. */
  final Handles<Graph> graphs = new Handles<>("CUgraph", 3);

  private static CudaError invalid(String reason) {
    return new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, reason);
  }
}
