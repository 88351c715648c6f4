package engine.backend.kernels;

/**
 * One PTX instruction of a kernel and what the software GPU counted of it in one launch.
 *
 * @param text as PTX, without a semicolon
 * @param opcode its first word, such as {@code ld.global.v4.f32}
 * @param ptxLine its line in the PTX file, from 1
 * @param file the CUDA source's file name, without a folder; empty if unknown
 * @param line the line there
 * @param issued how often a warp executed it
 * @param lanes the lanes that were active in that, in total
 * @param diverged how often it parted a warp's lanes
 * @param requests accesses to memory by a warp
 * @param parts of these: 32-byte sectors of global memory, wavefronts of shared memory
 * @param bytes that the lanes asked for, in total; what several lanes share counts once
 */
public record InstructionCounts(
    String text,
    String opcode,
    int ptxLine,
    String file,
    int line,
    long issued,
    long lanes,
    long diverged,
    long requests,
    long parts,
    long bytes) {}
