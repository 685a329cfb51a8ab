// What this kernel's io_uring can do, found by trying it: a ring with the engine's flags, the operations it
// knows, a provided buffer ring, and a multishot receive with its time stamp on a real connection. For
// `saturn doctor`; one thread. Tested in tests/loopback/doctor_facts_test.cpp.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "saturn/error.hpp"

namespace saturn {

struct RingProbe {
  std::optional<Error> refusal;  ///< why there is no ring; the rest is empty then
  std::vector<std::string> setup_flags;
  std::optional<std::vector<std::string>> missing;  ///< operations that saturn uses; nullopt: cannot be asked
  bool buffer_ring = false;
  std::optional<bool> multishot_receive, receive_stamps;  ///< nullopt: there was nothing to try it on
};

/// `receiver` is a connected socket with SO_TIMESTAMPNS on, what is written to `sender` arrives there; -1:
/// there is none.
RingProbe probe_ring(int receiver, int sender);

}  // namespace saturn
