// A control group by its folder: which processes are in it, what they used and what they may use, in version
// 1 and 2. Read-only, no state. Tested in tests/unit/cgroup_test.cpp on recorded folders, the quota of this
// process also in tests/cli/quota_test.py.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/time.hpp"

namespace saturn {

/// The folder of a group named as a path, or as /proc/PID/cgroup names it ("system.slice/app.service", which
/// is looked for below `mount`). An error where there is none.
Result<std::filesystem::path> find_cgroup(std::string_view name, std::string_view place,
                                          const std::filesystem::path& mount = "/sys/fs/cgroup");
/// Processes of the group and the groups below it, each once.
std::vector<pid_t> cgroup_processes(const std::filesystem::path& group);
/// CPU time of all that ever ran in it: cpuacct.usage (version 1) or cpu.stat (version 2); nullopt where the
/// folder has neither.
std::optional<Nanos> cgroup_cpu(const std::filesystem::path& group);
/// "usage_usec 16246\nuser_usec …" (cpu.stat of version 2).
std::optional<Nanos> parse_cpu_stat(std::string_view text);

/// Folders that say what CPU time a process gets: its own group and those around it, whose limits hold for it
/// too, from the text of its /proc/PID/cgroup. In a container some of them are not there.
std::vector<std::filesystem::path> cpu_groups(std::string_view proc_pid_cgroup,
                                              const std::filesystem::path& mount = "/sys/fs/cgroup");
/// The smallest quota of them, in CPUs, from cpu.cfs_quota_us (version 1) or cpu.max (version 2); nullopt:
/// none.
std::optional<double> smallest_cpu_quota(const std::vector<std::filesystem::path>& groups);
/// "max 100000" or "50000 100000" (cpu.max) as a number of CPUs; nullopt: no quota.
std::optional<double> parse_cpu_max(std::string_view text);

}  // namespace saturn
