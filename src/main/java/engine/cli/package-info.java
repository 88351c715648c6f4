/**
 * The command line: one file a command, each a thin layer that reads options, calls the engine and
 * prints.
 *
 * <p>The top of the house: it may use everything, nothing may use it. Start with {@code Main}.
 */
package engine.cli;
