/**
 * Layers: parameters, buffers, and a forward written with autograd ops. Depends on {@code
 * autograd}, and on {@code backend} as an interface. Start with {@link engine.nn.Module}.
 */
package engine.nn;
