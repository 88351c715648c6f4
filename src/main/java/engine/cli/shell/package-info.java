/**
 * What a shell and {@code man} know of the command line: completion scripts and the manual page,
 * both made from the commands and options themselves.
 *
 * <p>Used by {@code cli} alone. Start with {@link engine.cli.shell.Completion}.
 */
package engine.cli.shell;
