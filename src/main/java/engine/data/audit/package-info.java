/**
 * What is wrong with a set of pictures before anything is trained on it: files that cannot be read,
 * the same picture twice, in two classes or on both sides, sizes, uneven classes.
 */
package engine.data.audit;
