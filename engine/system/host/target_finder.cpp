#include "system/host/target_finder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "system/host/cgroup.hpp"
#include "system/host/listeners.hpp"

namespace saturn {
namespace {

constexpr const char* kPidFlag = "--target-pid";
constexpr const char* kCgroupFlag = "--target-cgroup";

template <class T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

const ProcessStat* find(const std::vector<ProcessStat>& all, pid_t pid) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.pid == pid; });
  return found == all.end() ? nullptr : &*found;
}

/// Parent, its parent and so on.
std::vector<pid_t> ancestors_of(pid_t pid, const std::vector<ProcessStat>& all) {
  std::vector<pid_t> list;
  for (const ProcessStat* at = find(all, pid); at != nullptr && !contains(list, at->parent);) {
    at = find(all, at->parent);
    if (at != nullptr) list.push_back(at->pid);
  }
  return list;
}

/// The process of a thread; 0 where the number is neither.
pid_t process_of_thread(pid_t thread) {
  std::ifstream status("/proc/" + std::to_string(thread) + "/status");
  for (std::string word; status >> word;)
    if (pid_t process = 0; word == "Tgid:" && status >> process) return process;
  return 0;
}

std::optional<Error> refuse_pid(pid_t pid, const std::vector<ProcessStat>& all) {
  const auto refusal = [&](std::string message, std::string remedy) {
    return Error{kPidFlag, std::move(message), std::move(remedy), ErrorKind::setup};
  };
  if (pid == getpid())
    return refusal(fmt::format("{} is this saturn, not its target", pid), "give the server's process");
  if (find(all, pid) != nullptr) return std::nullopt;
  const pid_t process = process_of_thread(pid);
  if (process > 0)
    return refusal(fmt::format("{} is a thread of process {}", pid, process),
                   fmt::format("type --target-pid {}", process));
  return refusal(fmt::format("there is no process {} that saturn can see", pid),
                 "find the server's with: ss -ltnp; one inside a container has another number on the host: "
                 "docker inspect -f '{{.State.Pid}}' NAME");
}

std::string names_of(const std::vector<int>& pids) {
  std::string text = std::string(kPidFlag) + " ";
  for (std::size_t i = 0; i < pids.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(pids[i]);
  return text;
}

FoundTarget find_pids(const std::vector<int>& roots) {
  const auto all = all_processes();
  return {names_of(roots), without_own(descendants(all, roots), all, getpid())};
}

FoundTarget find_in_cgroup(const std::string& name, const std::filesystem::path& group) {
  const auto members = cgroup_processes(group);
  FoundTarget found{std::string(kCgroupFlag) + " " + name, without_own(members, all_processes(), getpid())};
  // With saturn in the group, the group's total would count saturn as the target.
  if (found.pids.size() == members.size()) found.cgroup = group;
  return found;
}

/// Somebody listens, but the kernel shows nobody who holds the socket.
FoundTarget hidden_listener(const SocketAddress& address) {
  FoundTarget found;
  found.note = fmt::format(
      "who listens on {} is another user's or outside of this container, and saturn may not look: what the "
      "server cost is known to root (sudo saturn …), or with {} N (sudo ss -ltnp names it)",
      to_text(address), kPidFlag);
  return found;
}

FoundTarget find_listener(const SocketAddress& address) {
  const auto endpoint = endpoint_of(address.storage);
  if (!endpoint || !is_of_this_host(*endpoint)) return {};
  const auto inodes = listening_inodes(*endpoint);
  if (inodes.empty()) return {};
  const auto all = all_processes();
  std::vector<pid_t> pids;
  for (const auto& process : all)
    if (process.pid != getpid()) pids.push_back(process.pid);  // it has a descriptor for each connection
  const auto holders = holders_of(inodes, pids);
  if (holders.empty() && !holders_of(inodes, {getpid()}).empty()) return {};  // it serves itself
  if (holders.empty()) return hidden_listener(address);
  const auto proxy = std::find_if(holders.begin(), holders.end(), [&](pid_t pid) {
    const ProcessStat* process = find(all, pid);
    return process != nullptr && process->name == "docker-proxy";
  });
  FoundTarget found;
  if (proxy != holders.end()) {
    found.note =
        "the listener is Docker's proxy, not the server: what the server cost is known with --target-pid "
        "$(docker inspect -f '{{.State.Pid}}' NAME)";
    return found;
  }
  found.pids = family_of(holders, all, getpid());
  if (found.pids.empty()) return found;
  found.source = "process group of the listener";
  found.listeners = holders;
  return found;
}

}  // namespace

std::vector<pid_t> without_own(const std::vector<pid_t>& pids, const std::vector<ProcessStat>& all,
                               pid_t own) {
  const auto ours = descendants(all, {own});
  std::vector<pid_t> others;
  for (const pid_t pid : pids)
    if (pid != own && !contains(ours, pid)) others.push_back(pid);
  return others;
}

std::vector<pid_t> family_of(const std::vector<pid_t>& holders, const std::vector<ProcessStat>& all,
                             pid_t own) {
  const auto above_own = ancestors_of(own, all);
  // Whoever started saturn may have handed it and the server the same descriptors: it serves only where
  // nobody else does, and then what it started besides is not the server.
  std::vector<pid_t> serving, starters;
  for (const pid_t pid : holders) {
    if (contains(above_own, pid))
      starters.push_back(pid);
    else if (pid != own)
      serving.push_back(pid);
  }
  if (serving.empty()) return starters;
  std::vector<pid_t> members;
  std::map<pid_t, int> serving_children;
  for (const pid_t pid : serving)
    if (const ProcessStat* holder = find(all, pid); holder != nullptr) ++serving_children[holder->parent];
  for (const auto& [parent, count] : serving_children)
    if (count > 1 && !contains(serving, parent) && find(all, parent) != nullptr &&
        !contains(above_own, parent))
      members.push_back(parent);
  for (const pid_t pid : descendants(all, serving)) members.push_back(pid);
  return without_own(members, all, own);
}

Result<TargetFinder> TargetFinder::create(const TargetSelection& selection) {
  TargetFinder finder(selection);
  if (selection.how == TargetSelection::How::pids) {
    Errors errors;
    const auto all = all_processes();
    for (const pid_t pid : selection.pids)
      if (auto error = refuse_pid(pid, all)) errors.push_back(std::move(*error));
    if (!errors.empty()) return errors;
  }
  if (selection.how == TargetSelection::How::cgroup) {
    auto group = find_cgroup(selection.cgroup, kCgroupFlag);
    if (!group) return group.errors();
    finder.cgroup_ = std::move(*group);
    if (find_in_cgroup(selection.cgroup, finder.cgroup_).pids.empty())
      return Error{kCgroupFlag, "no process but saturn itself is in the control group " + selection.cgroup,
                   "give the group of the server: cat /proc/PID/cgroup", ErrorKind::setup};
  }
  return finder;
}

FoundTarget TargetFinder::find(const SocketAddress& address) const {
  switch (selection_.how) {
    case TargetSelection::How::listener:
      return find_listener(address);
    case TargetSelection::How::pids:
      return find_pids(selection_.pids);
    case TargetSelection::How::cgroup:
      return find_in_cgroup(selection_.cgroup, cgroup_);
    case TargetSelection::How::none:
      break;
  }
  return {};
}

}  // namespace saturn
