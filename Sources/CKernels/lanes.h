#ifndef PLEAT_LANES_H
#define PLEAT_LANES_H

#include <stdint.h>

// Vectors of 64 bytes: one register of the widest processors, several of the others.

typedef double Lanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t Mask __attribute__((vector_size(64), aligned(8)));

typedef float FloatLanes __attribute__((vector_size(64), aligned(16)));
typedef int32_t FloatMask __attribute__((vector_size(64), aligned(16)));

enum { WIDTH = 8, FLOAT_WIDTH = 16 };

// Macros, not functions: a function with vectors of 64 bytes among its arguments has another ABI on every target.
#define LOAD(pointer) (*(const Lanes *)(pointer))
#define STORE(pointer, value) (*(Lanes *)(pointer) = (value))
#define SELECT(mask, yes, no) ((Lanes)(((mask) & (Mask)(yes)) | (~(mask) & (Mask)(no))))
#define ALL(value) ((Lanes){} + (value))

#define FLOAT_SELECT(mask, yes, no) ((FloatLanes)(((mask) & (FloatMask)(yes)) | (~(mask) & (FloatMask)(no))))
#define FLOAT_ALL(value) ((FloatLanes){} + (value))

#endif
