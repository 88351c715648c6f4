package engine.backend.sim.ptx;

import engine.base.UserError;

/** PTX that cannot be read or that the software GPU does not implement. */
public final class PtxException extends UserError {
  public PtxException(int line, String message) {
    super("PTX line " + line + ": " + message);
  }
}
