#ifndef PLEAT_DISPATCH_H
#define PLEAT_DISPATCH_H

/* Swift compiles for baseline x86-64. A function with this attribute is compiled for wider vectors as well, and the
   loader picks the version that the processor can run. */
#if defined(__x86_64__) && defined(__linux__)
#define PLEAT_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLEAT_VECTORISED
#endif

#endif
