/**
 * Reverse-mode differentiation. A {@link engine.autograd.Variable} is a tensor that remembers how
 * it was made; the {@link engine.autograd.Tape} is the list of what was done, and runs it
 * backwards. Every op is one file: its forward, its backward, its shape rule. What can be done in
 * one pass with what follows is {@link engine.autograd.Held} back. Depends on {@code backend} as an
 * interface and on {@code tensor}. Read Tape, then Variable, then {@link engine.autograd.LinearOp},
 * the shortest op with parameters.
 */
package engine.autograd;
