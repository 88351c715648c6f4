/**
 * What {@code engine doctor} finds out about a machine, one class an area, each a list of {@link
 * engine.cli.doctor.Finding}s.
 *
 * <p>Used by {@code cli} alone. Start with {@link engine.cli.doctor.Checkup}.
 */
package engine.cli.doctor;
