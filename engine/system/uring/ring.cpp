#include "system/uring/ring.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/assert.hpp"

namespace saturn {
namespace {

struct FlagName {
  unsigned flag;
  const char* name;
};
// No SQARRAY flag: liburing 2.3 writes its index array over the ring header when it is set.
constexpr std::array<FlagName, 6> kFlagNames{{{IORING_SETUP_SINGLE_ISSUER, "SINGLE_ISSUER"},
                                              {IORING_SETUP_DEFER_TASKRUN, "DEFER_TASKRUN"},
                                              {IORING_SETUP_COOP_TASKRUN, "COOP_TASKRUN"},
                                              {IORING_SETUP_TASKRUN_FLAG, "TASKRUN_FLAG"},
                                              {IORING_SETUP_SUBMIT_ALL, "SUBMIT_ALL"},
                                              {IORING_SETUP_CQSIZE, "CQSIZE"}}};
// Best first. TASKRUN_FLAG lets a spinning shard see in user space that there is something to collect.
constexpr std::array<unsigned, 3> kAttempts{
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG |
        IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
    IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
    IORING_SETUP_CQSIZE};
constexpr unsigned kSmallestSq = 64;

std::vector<std::string> flag_names(unsigned flags) {
  std::vector<std::string> names;
  for (const auto& [flag, name] : kFlagNames)
    if ((flags & flag) != 0) names.emplace_back(name);
  return names;
}

int io_uring_disabled() {
  std::ifstream file("/proc/sys/kernel/io_uring_disabled");
  int value = -1;
  file >> value;
  return file ? value : -1;
}

}  // namespace

Error explain_refusal(int error, int disabled, bool in_container) {
  Error refusal{"io_uring", "", "", ErrorKind::setup};
  const std::string docker =
      "docker run --security-opt seccomp=tools/docker/seccomp.json … (the profile is in saturn's repository)";
  if (error == EPERM && disabled == 2) {
    refusal.message = "switched off on this machine (kernel.io_uring_disabled = 2)";
    refusal.remedy = "as root: sysctl kernel.io_uring_disabled=0";
  } else if (error == EPERM && disabled == 1) {
    refusal.message = "allowed only for privileged processes here (kernel.io_uring_disabled = 1)";
    refusal.remedy = "as root on the host: sysctl kernel.io_uring_disabled=0, or run with CAP_SYS_ADMIN";
  } else if (error == EPERM || error == EACCES) {
    refusal.message =
        "the kernel refuses io_uring_setup (EPERM): a seccomp filter, usually the container runtime's "
        "default profile";
    refusal.remedy = in_container ? "start the container with: " + docker
                                  : "allow io_uring in the sandbox; under Docker: " + docker;
  } else if (error == ENOSYS) {
    refusal.message = "this kernel has no io_uring (ENOSYS), or a sandbox hides it";
    refusal.remedy = "run on Linux 6.1 or newer; under Docker: " + docker;
  } else if (error == ENOMEM) {
    refusal.message =
        "no memory may be locked for the ring (ENOMEM): RLIMIT_MEMLOCK is too small even for the smallest "
        "ring";
    refusal.remedy =
        "ulimit -l 8192 (or more); under Docker: --ulimit memlock=-1 or --cap-add IPC_LOCK; fewer threads "
        "(-t) need less";
  } else if (error == EINVAL) {
    refusal.message = "this kernel's io_uring is too old for saturn";
    refusal.remedy = "run on Linux 6.1 or newer";
  } else {
    refusal.message = fmt::format("io_uring_setup failed: {}", std::strerror(error));
    refusal.remedy = "see `ulimit -a`; run on Linux 6.1 or newer";
  }
  return refusal;
}

Result<std::unique_ptr<Ring>> Ring::create(unsigned sq_entries, unsigned cq_entries) {
  std::unique_ptr<Ring> ring(new Ring);
  ring->ring_.ring_fd = -1;
  int error = EINVAL;
  for (std::size_t attempt = 0; attempt < kAttempts.size();) {
    io_uring_params params{};
    params.flags = kAttempts[attempt];
    params.cq_entries = cq_entries;
    error = -io_uring_queue_init_params(sq_entries, &ring->ring_, &params);
    if (error == 0) {
      ring->facts_ = {flag_names(params.flags), {}, params.sq_entries, params.cq_entries};
      io_uring_register_ring_fd(
          &ring->ring_);  // saves a file look-up an enter; without it everything still works
      return {std::move(ring)};
    }
    ring->ring_.ring_fd = -1;
    if (error == EINVAL) {
      ++attempt;
    } else if (error == ENOMEM && sq_entries > kSmallestSq) {
      sq_entries /= 2;
      cq_entries /= 2;
    } else {
      break;
    }
  }
  return explain_refusal(error, io_uring_disabled(), access("/.dockerenv", F_OK) == 0);
}

io_uring_sqe* Ring::entry() {
  make_room(1);
  io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
  SATURN_ASSERT(sqe != nullptr);
  return sqe;
}

void Ring::make_room(unsigned entries) {
  if (io_uring_sq_space_left(&ring_) < entries) io_uring_submit(&ring_);
}

void Ring::submit_only() {
  unsigned no_flags = 0;
  unsigned* const flags = ring_.sq.kflags;
  ring_.sq.kflags = &no_flags;
  io_uring_submit(&ring_);
  ring_.sq.kflags = flags;
}

Ring::~Ring() {
  if (ring_.ring_fd >= 0) io_uring_queue_exit(&ring_);
}

}  // namespace saturn
