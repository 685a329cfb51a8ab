// What a run takes from this machine, decided before anything is sent: how many shards, how sockets are
// named, how much receive memory each shard gets; or what is missing and what to do. Pure but for the
// descriptor limits, which come as values. Tested in tests/unit/resources_test.cpp.
#pragma once
#include <cstdint>
#include <optional>

#include "saturn/error.hpp"
#include "saturn/run.hpp"
#include "system/host/host.hpp"

namespace saturn {

struct DescriptorLimits {
  std::uint64_t limit = 0;  ///< of this process; also of the table of each ring
  std::uint64_t open = 0;   ///< already taken
};

struct SocketPlan {
  unsigned shards = 1;
  SocketForm form = SocketForm::descriptors;
  std::uint64_t descriptors = 0;  ///< to be open in the end
};

/// `threads`: what the user asked for; `at_start`: how many of the connections are there from the start on,
/// which the number of threads follows where others are only opened on demand; `form`: what the user asked
/// for, else the table only where a process may not open so many sockets.
Result<SocketPlan> plan_sockets(std::uint32_t connections, std::optional<unsigned> threads,
                                const HostFacts& host, const DescriptorLimits& descriptors,
                                std::optional<std::uint32_t> at_start = {},
                                std::optional<SocketForm> form = {});

/// Of a schedule without a limit of its own: what fits the descriptors, at most limits::kInFlight; but not
/// fewer than `at_start`. In the rings' tables each shard has room for so many.
std::uint32_t most_in_flight(std::uint32_t at_start, unsigned shards, const DescriptorLimits& descriptors,
                             std::optional<SocketForm> form = {});

/// `total`: of --recv-memory.
Result<std::uint64_t> receive_bytes_of_a_shard(std::optional<std::uint64_t> total, unsigned shards);

}  // namespace saturn
