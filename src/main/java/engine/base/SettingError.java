package engine.base;

/**
 * A {@link Setting} that cannot be as it was given, where that shows only once the work has begun:
 * a layer that this model does not have. The command line treats it as wrong usage.
 */
public final class SettingError extends UserError {
  public SettingError(String message) {
    super(message);
  }
}
