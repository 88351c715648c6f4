/**
 * The driver API with Java's manners: devices, streams, modules and launches, errors with their
 * meaning.
 *
 * <p>Start with {@link engine.backend.cuda.driver.Gpu}.
 */
package engine.backend.cuda.driver;
