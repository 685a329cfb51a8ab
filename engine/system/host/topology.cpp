#include "system/host/topology.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <system_error>
#include <tuple>

#include "system/host/read_file.hpp"

namespace saturn {
namespace {

namespace fs = std::filesystem;

constexpr int kMostCpus = 1 << 20;

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// "cpu12" → 12 with the prefix "cpu".
std::optional<int> number_after(std::string_view prefix, std::string_view name) {
  if (!name.starts_with(prefix) || name.size() == prefix.size()) return std::nullopt;
  int number = 0;
  const char* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + prefix.size(), end, number);
  return read.ptr == end && number >= 0 ? std::optional(number) : std::nullopt;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  return names;
}

std::string_view trimmed(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \n") + 1);
}

CpuPlace place_in(const fs::path& folder) {
  CpuPlace place;
  place.threads = parse_cpu_list(trimmed(read_file(folder / "topology/thread_siblings_list")));
  const std::string capacity = read_file(folder / "cpu_capacity");
  place.capacity = number_after("", trimmed(capacity));
  for (const std::string& name : names_in(folder))
    if (const auto node = number_after("node", name)) place.node = *node;
  return place;
}

/// What orders the physical cores; the least is taken first.
struct Rank {
  int slowness = 0;
  bool far = false;
  int from_the_last = 0;
  bool operator<(const Rank& other) const {
    return std::tie(slowness, far, from_the_last) < std::tie(other.slowness, other.far, other.from_the_last);
  }
};

/// The CPUs of one physical core that may be taken, the last first.
struct Core {
  Rank rank;
  std::vector<int> cpus;
};

/// The order of cpus_for_shards() among `free`.
std::vector<int> in_order(std::vector<int> free, const Topology& topology, const std::vector<int>& target) {
  const auto node_of = [&](int cpu) {
    const CpuPlace* place = topology.place_of(cpu);
    return place == nullptr ? 0 : place->node;
  };
  std::sort(free.begin(), free.end(), std::greater<>());
  const int near = target.empty() ? node_of(free.empty() ? 0 : free.front()) : node_of(target.front());

  std::map<int, Core> cores;
  for (const int cpu : free) {
    const CpuPlace* place = topology.place_of(cpu);
    Core& core = cores[place == nullptr ? cpu : place->core()];
    if (core.cpus.empty())
      core.rank = {place == nullptr ? 0 : -place->capacity.value_or(0), node_of(cpu) != near, -cpu};
    core.cpus.push_back(cpu);
  }
  std::vector<Core> ordered;
  for (auto& [number, core] : cores) ordered.push_back(std::move(core));
  std::sort(ordered.begin(), ordered.end(), [](const Core& a, const Core& b) { return a.rank < b.rank; });
  std::vector<int> cpus;
  for (std::size_t thread = 0; cpus.size() < free.size(); ++thread)
    for (const Core& core : ordered)
      if (thread < core.cpus.size()) cpus.push_back(core.cpus[thread]);
  return cpus;
}

}  // namespace

std::vector<int> parse_cpu_list(std::string_view text) {
  std::vector<int> cpus;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto dash = part.find('-');
    const auto first = number_after("", part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number_after("", part.substr(dash + 1));
    if (!first || !last || *last < *first || *last >= kMostCpus) return {};
    for (int cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
  }
  return cpus;
}

Topology Topology::read(const fs::path& root) {
  std::map<int, CpuPlace> places;
  const fs::path folder = root / "sys/devices/system/cpu";
  for (const std::string& name : names_in(folder)) {
    const auto cpu = number_after("cpu", name);
    if (!cpu) continue;
    CpuPlace place = place_in(folder / name);
    std::sort(place.threads.begin(), place.threads.end());
    if (contains(place.threads, *cpu)) places[*cpu] = std::move(place);
  }
  return Topology(std::move(places));
}

const CpuPlace* Topology::place_of(int cpu) const {
  const auto found = places_.find(cpu);
  return found == places_.end() ? nullptr : &found->second;
}

std::vector<int> Topology::siblings_of(int cpu) const {
  const CpuPlace* place = place_of(cpu);
  std::vector<int> others = place == nullptr ? std::vector<int>{} : place->threads;
  others.erase(std::remove(others.begin(), others.end(), cpu), others.end());
  return others;
}

std::optional<unsigned> Topology::physical_cores(const std::vector<int>& cpus) const {
  std::vector<int> cores;
  for (const int cpu : cpus) {
    const CpuPlace* place = place_of(cpu);
    if (place == nullptr) return std::nullopt;
    if (!contains(cores, place->core())) cores.push_back(place->core());
  }
  return static_cast<unsigned>(cores.size());
}

std::optional<unsigned> Topology::threads_per_core(const std::vector<int>& cpus) const {
  std::size_t most = 0;
  for (const int cpu : cpus) {
    const CpuPlace* place = place_of(cpu);
    if (place == nullptr) return std::nullopt;
    most = std::max(most, place->threads.size());
  }
  return most == 0 ? std::nullopt : std::optional(static_cast<unsigned>(most));
}

std::vector<int> cpus_for_shards(const std::vector<int>& allowed, const Topology& topology,
                                 const std::vector<int>& target) {
  const auto is_the_targets = [&](int cpu) {
    const auto siblings = topology.siblings_of(cpu);
    return contains(target, cpu) ||
           std::any_of(siblings.begin(), siblings.end(), [&](int other) { return contains(target, other); });
  };
  std::vector<int> free;
  for (const int cpu : allowed)
    if (!is_the_targets(cpu)) free.push_back(cpu);
  if (free.empty()) {
    std::vector<int> beside, its_own;
    for (const int cpu : allowed) (contains(target, cpu) ? its_own : beside).push_back(cpu);
    std::vector<int> cpus = in_order(std::move(beside), topology, target);
    for (const int cpu : in_order(std::move(its_own), topology, target)) cpus.push_back(cpu);
    return cpus;
  }
  return in_order(std::move(free), topology, target);
}

}  // namespace saturn
