/**
 * Raw bindings: one class a C library, with C's own names, nothing added. Pointers are raw
 * addresses ({@code long}), so that a call allocates nothing. Everything above this package that
 * wants a library goes through {@code engine.backend}; only these two packages may use {@link
 * java.lang.foreign.Linker}. Start with {@link engine.ffi.Dnnl}.
 */
package engine.ffi;
