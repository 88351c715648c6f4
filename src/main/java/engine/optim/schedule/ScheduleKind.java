package engine.optim.schedule;

/**
 * A line of the table of schedules ({@link Schedules}): one that the command line knows by name.
 *
 * @param name that {@code --scheduler} takes
 * @param perStep whether its time counts steps of the optimiser rather than epochs
 * @param maker from settings to the schedule
 */
record ScheduleKind(String name, boolean perStep, Maker maker) {
  /** Makes a schedule of its settings. */
  @FunctionalInterface
  interface Maker {
    /**
     * @param given read what the schedule may be told; what is not read is refused afterwards
     * @param baseLr the run's learning rate
     * @param total length of the run, in the schedule's unit of time
     * @throws IllegalArgumentException if a setting is out of range
     */
    LrSchedule make(GivenSettings given, double baseLr, long total);
  }
}
