// The kernel's word on when bytes arrived: SO_TIMESTAMPNS, a control message beside them. The stamp is of the
// last segment that a read took, in wall-clock time, set before any process knew of it. Tested in
// tests/loopback/serve_truth_test.cpp.
#pragma once
#include <sys/types.h>

#include <span>

#include "saturn/time.hpp"

namespace saturn::target {

/// For a socket, or for all that a listening one accepts from now on; false with errno.
bool ask_for_stamps(int socket);
/// recv() that also tells when the last of the bytes arrived: kNoStamp where the kernel does not say.
ssize_t receive_stamped(int socket, std::span<char> into, Nanos& arrived_at);
Nanos wall_now();  ///< the clock of the stamps
Nanos monotonic_now();

}  // namespace saturn::target
