/**
 * What every layer may use and that knows none of them: the error that is meant for the user, and
 * the wish to stop.
 *
 * <p>Depends on nothing but the JDK. Start with {@link engine.base.UserError}.
 */
package engine.base;
