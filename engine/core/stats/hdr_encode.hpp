// Writes a Histogram as "HdrHistogram V2 compressed base64": the public HDR tools and the Python package
// hdrhistogram read it. With hdr_decode the only user of zlib. Tested against a decoder of our own and the
// Python package (tests/unit, tests/cli).
#pragma once
#include <string>

#include "core/stats/histogram.hpp"
#include "saturn/result.hpp"

namespace saturn {

std::string encode_hdr(const Histogram& histogram);

/// nullopt for an empty histogram. `with_histogram` adds the encoded buckets.
MaybeDistribution summarise(const Histogram& histogram, bool with_histogram);

}  // namespace saturn
