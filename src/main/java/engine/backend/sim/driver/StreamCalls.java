package engine.backend.sim.driver;

import engine.ffi.CudaDriver;

/** Streams, events, and stream capture. Stream 0 is the default one. */
final class StreamCalls {
  private final SimDevice device;
  private final Handles<Stream> streams = new Handles<>("CUstream", 1);
  private final Handles<Event> events = new Handles<>("CUevent", 2);
  private final StreamOrder order;
  private int capturing;

  StreamCalls(SimDevice device) {
    this.device = device;
    order = new StreamOrder(device.memory);
  }

  /** What comes before what. */
  StreamOrder order() {
    return order;
  }

  /** Runs work in the stream's order, or notes it in the graph that the stream is captured to. */
  void submit(long stream, Work work) {
    Stream s = stream(stream);
    if (s.capture == null) {
      order.begins(s, work, device.looksForRaces());
      work.action().run();
    } else {
      s.capture.nodes.add(work);
    }
  }

  Stream stream(long handle) {
    device.context.requireCurrent();
    return handle == 0 ? order.defaultStream() : streams.get(handle);
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
    boolean blocking = flags != CudaDriver.CU_STREAM_NON_BLOCKING;
    HostMemory.putLong(phStream, "phStream", streams.add(order.newStream(blocking)));
  }

  void cuStreamDestroy_v2(long hStream) {
    Stream s = streams.remove(hStream);
    if (s.capture != null) {
      endCapture(s.capture);
    }
  }

  void cuStreamSynchronize(long hStream) {
    order.hostWaits(notCaptured(hStream, "cuStreamSynchronize"));
  }

  /** Not ready unless the host has waited: a real device may be as slow as that. */
  int cuStreamQuery(long hStream) {
    boolean idle = order.isIdle(notCaptured(hStream, "cuStreamQuery"));
    return idle ? CudaDriver.CUDA_SUCCESS : CudaDriver.CUDA_ERROR_NOT_READY;
  }

  private Stream notCaptured(long hStream, String call) {
    Stream s = stream(hStream);
    if (s.capture != null) {
      s.capture.invalid = true;
      throw new CudaError(
          CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
          call + " is not allowed on a stream that is captured");
    }
    return s;
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
    order.waits(s, e);
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
      e.clock = order.recorded(s);
      e.nanos = System.nanoTime();
    }
  }

  /** Not ready unless the host has waited: a real device may be as slow as that. */
  int cuEventQuery(long hEvent) {
    boolean come = order.hasCome(settled(hEvent));
    return come ? CudaDriver.CUDA_SUCCESS : CudaDriver.CUDA_ERROR_NOT_READY;
  }

  void cuEventSynchronize(long hEvent) {
    order.hostWaits(settled(hEvent));
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
    boolean isDefault = s == order.defaultStream();
    if (isDefault || s.capture != null) {
      throw new CudaError(
          isDefault
              ? CudaDriver.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
              : CudaDriver.CUDA_ERROR_ILLEGAL_STATE,
          isDefault ? "the default stream cannot be captured" : "the stream is captured already");
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
