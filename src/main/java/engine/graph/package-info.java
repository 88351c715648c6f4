/**
 * A network written down: nodes with names, and their constants ({@link engine.graph.Graph}), made
 * from what a tape ran ({@link engine.graph.GraphBuilder}). Exporters and the int8 conversion work
 * on it. May use {@code autograd} and what is below.
 */
package engine.graph;
