/**
 * Learning-rate schedules in closed form, by PyTorch's names and with PyTorch's values.
 *
 * <p>A schedule is an immutable function of time: a resumed run needs no scheduler state. Depends
 * on {@code base}. {@code optim}, {@code run}, {@code train}, {@code cli} and {@code verify} may
 * depend on it.
 *
 * <p>Start at {@link engine.optim.schedule.LrSchedule}; the command line goes through {@link
 * engine.optim.schedule.Schedules}.
 */
package engine.optim.schedule;
