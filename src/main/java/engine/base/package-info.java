/**
 * What every layer may use and that knows none of them: the error that is meant for the user, the
 * wish to stop, the folders that files are kept in between runs, and JSON read with suspicion.
 *
 * <p>Depends on nothing but the JDK and Gson. Start with {@link engine.base.UserError}.
 */
package engine.base;
