/* GNU OpenMP, as far as the engine uses it. omp_* are from omp.h; GOMP_parallel, which no header
 * has, is what GCC makes of "#pragma omp parallel", from libgomp's libgomp_g.h (LGPL with runtime exception). */

typedef void (*omp_fn)(void *data);

/** Runs {@code fn} once on each of {@code num_threads} threads; returns when all are done. */
void GOMP_parallel(omp_fn fn, void *data, unsigned num_threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_max_threads(void);
/** Processors that this process may run on. */
int omp_get_num_procs(void);
/** Binds the calling thread only. */
void omp_set_num_threads(int num_threads);
