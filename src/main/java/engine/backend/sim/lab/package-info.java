/**
 * One launch under every instrument of the software GPU, for {@code engine inspect kernel}: no
 * driver and no backend around it. Depends on the rest of {@code sim}; start with {@link
 * engine.backend.sim.lab.KernelLab}.
 */
package engine.backend.sim.lab;
