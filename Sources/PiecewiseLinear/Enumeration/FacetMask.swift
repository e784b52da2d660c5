/// The hyperplanes on which a vertex lies, a bit for each slot: an integer of 64 or 128 bits.
typealias FacetMask = FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable
