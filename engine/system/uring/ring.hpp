// RAII over one io_uring with the flags this kernel takes (probed, never guessed from a version), and a
// refusal that explains itself. Owner: the shard's thread (SINGLE_ISSUER). Tested in tests/loopback and, for
// the explanations, tests/unit/uring_explain_test.cpp.
#pragma once
#include <liburing.h>

#include <memory>
#include <string>
#include <vector>

#include "saturn/error.hpp"

namespace saturn {

struct RingFacts {
  std::vector<std::string> setup_flags, features;
  unsigned sq_entries = 0, cq_entries = 0;
};

class Ring {
 public:
  /// Asks for the best flags first, then fewer on EINVAL, then smaller rings on ENOMEM.
  static Result<std::unique_ptr<Ring>> create(unsigned sq_entries, unsigned cq_entries);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  io_uring* get() { return &ring_; }
  /// The next entry to be filled; where there is none, those before it are handed over.
  io_uring_sqe* entry();
  /// So many can follow that are handed over together, as those that are linked to each other must be.
  void make_room(unsigned entries);
  /// Hands over what is queued and collects nothing: no task work runs between two clocks around it.
  /// liburing's own submit would enter with GETEVENTS when the ring's flags say that task work waits; here it
  /// does not see them.
  void submit_only();
  const RingFacts& facts() const { return facts_; }

 private:
  Ring() = default;
  io_uring ring_{};
  RingFacts facts_;
};

/// What a failed io_uring_setup means and what to do about it. `disabled`: value of kernel.io_uring_disabled,
/// -1 where absent.
Error explain_refusal(int error, int disabled, bool in_container);

}  // namespace saturn
