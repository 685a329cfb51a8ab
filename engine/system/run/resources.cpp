#include "system/run/resources.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/plan/limits.hpp"
#include "system/uring/receive_buffers.hpp"

namespace saturn {
namespace {

constexpr std::uint32_t kConnectionsPerShard = 256;
constexpr std::uint64_t kSpareDescriptors = 32;  ///< files, the probe
/// So many threads at most are started without being asked for, only because each ring has its own table.
constexpr unsigned kMostShardsForTables = 16;

unsigned default_shards(std::uint32_t connections, const HostFacts& host) {
  // Two threads of one physical core do little more than one, and one core is left to the target.
  unsigned cores = std::max(1U, host.physical_cores.value_or(host.cpus_allowed) - 1);
  if (host.cpu_quota) cores = std::min(cores, std::max(1U, static_cast<unsigned>(*host.cpu_quota)));
  return std::clamp((connections + kConnectionsPerShard - 1) / kConnectionsPerShard, 1U, cores);
}

Error too_many(std::uint32_t connections, std::uint64_t needed, const DescriptorLimits& descriptors,
               const std::string& also) {
  return {
      "--connections",
      fmt::format("{} connections need {} file descriptors; this process may open {} (its hard limit), and "
                  "so many sockets fit the table of each thread's ring",
                  connections, needed, descriptors.limit),
      fmt::format("{}or raise the limit: ulimit -Hn {} (as root), or LimitNOFILE= / --ulimit nofile=", also,
                  needed),
      ErrorKind::setup};
}

}  // namespace

Result<SocketPlan> plan_sockets(std::uint32_t connections, std::optional<unsigned> threads,
                                const HostFacts& host, const DescriptorLimits& descriptors,
                                std::optional<std::uint32_t> at_start, std::optional<SocketForm> form) {
  const auto shards_for = [&](unsigned count) { return std::clamp(count, 1U, connections); };
  const unsigned usual = shards_for(threads.value_or(default_shards(at_start.value_or(connections), host)));
  const std::uint64_t taken = descriptors.open + kSpareDescriptors, limit = descriptors.limit;
  const std::uint64_t needed = connections + usual + taken;
  const SocketForm in_table =
      form.value_or(SocketForm::table);  // where they do not suffice, or are not wanted
  if (needed <= limit && (!form || in_table == SocketForm::descriptors))
    return SocketPlan{usual, SocketForm::descriptors, needed};
  if (form == SocketForm::descriptors)
    return too_many(connections, needed, descriptors, "leave --sockets out, ");

  // A descriptor for each ring, and one more for each socket that is being made.
  const std::uint64_t room = limit - std::min(limit, taken);
  const std::uint64_t least = limit == 0 ? UINT32_MAX : (connections + limit - 1) / limit;
  if (threads) {
    if (usual >= least && 2 * std::uint64_t{usual} <= room)
      return SocketPlan{usual, in_table, taken + 2 * usual};
    return too_many(connections, needed, descriptors,
                    fmt::format("use -t {}, at most {} connections, ", least, limit * usual));
  }
  const std::uint64_t most = std::min<std::uint64_t>(kMostShardsForTables, room / 2);
  if (const unsigned count = std::max(usual, static_cast<unsigned>(least)); least <= most)
    return SocketPlan{count, in_table, taken + 2 * std::uint64_t{count}};
  return too_many(connections, needed, descriptors,
                  fmt::format("use at most {} connections, ", limit * most));
}

std::uint32_t most_in_flight(std::uint32_t at_start, unsigned shards, const DescriptorLimits& descriptors,
                             std::optional<SocketForm> form) {
  const std::uint64_t others = descriptors.open + kSpareDescriptors + shards;
  const std::uint64_t possible = form.value_or(SocketForm::descriptors) != SocketForm::descriptors
                                     ? descriptors.limit * shards
                                     : descriptors.limit - std::min(descriptors.limit, others);
  return std::max(at_start, static_cast<std::uint32_t>(std::min<std::uint64_t>(limits::kInFlight, possible)));
}

Result<std::uint64_t> receive_bytes_of_a_shard(std::optional<std::uint64_t> total, unsigned shards) {
  if (!total) return ReceiveBuffers::kDefaultBytes;
  if (*total / shards >= ReceiveBuffers::kLeastBytes) return *total / shards;
  return Error{"--recv-memory",
               fmt::format("{} bytes for {} thread{} are too little: each needs {} KiB", *total, shards,
                           shards == 1 ? "" : "s", ReceiveBuffers::kLeastBytes >> 10),
               fmt::format("give at least {}KiB, or use fewer threads (-t)",
                           (ReceiveBuffers::kLeastBytes >> 10) * shards),
               ErrorKind::setup};
}

}  // namespace saturn
