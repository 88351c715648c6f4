/**
 * Where the vendor's libraries lie on this machine, which parts of them are whole, and how they are
 * opened.
 *
 * <p>Start with {@link engine.backend.cuda.libraries.LibraryFinder}.
 */
package engine.backend.cuda.libraries;
