#include "system/host/host.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "system/host/cgroup.hpp"
#include "system/host/processes.hpp"
#include "system/host/read_file.hpp"
#include "system/host/topology.hpp"

namespace saturn {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string container() {
  if (access("/.dockerenv", F_OK) == 0) return "docker";
  if (access("/run/.containerenv", F_OK) == 0) return "podman";
  const std::string group = read_file("/proc/1/cgroup");
  if (group.find("kubepods") != std::string::npos) return "kubernetes";
  if (group.find("docker") != std::string::npos) return "docker";
  return "";
}

}  // namespace

HostFacts host_facts() {
  HostFacts facts;
  utsname name{};
  uname(&name);
  facts.kernel = name.release;
  facts.cpu_model = cpu_model();
  facts.container = container();
  facts.cpus_online = static_cast<unsigned>(sysconf(_SC_NPROCESSORS_ONLN));
  facts.cpus_allowed = static_cast<unsigned>(allowed_cpus().size());
  const Topology topology = Topology::read();
  facts.physical_cores = topology.physical_cores(allowed_cpus());
  facts.threads_per_core = topology.threads_per_core(allowed_cpus());
  facts.cpu_quota = smallest_cpu_quota(cpu_groups(read_file("/proc/self/cgroup")));
  struct sysinfo memory {};
  if (sysinfo(&memory) == 0) facts.memory_bytes = std::uint64_t{memory.totalram} * memory.mem_unit;
  return facts;
}

std::vector<int> allowed_cpus() {
  return affinity_of(0).value_or(std::vector<int>{0});
}

bool pin_this_thread(int cpu) {
  const auto number = static_cast<std::size_t>(cpu);
  const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(number + 1),
                                                             [](cpu_set_t* one) { CPU_FREE(one); });
  const std::size_t bytes = CPU_ALLOC_SIZE(number + 1);
  CPU_ZERO_S(bytes, set.get());
  CPU_SET_S(number, bytes, set.get());
  return pthread_setaffinity_np(pthread_self(), bytes, set.get()) == 0;
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return before;
  }
  return limit.rlim_cur;
}

void make_room_for_descriptors(std::uint64_t count) {
  const int any = open("/", O_PATH | O_CLOEXEC);
  const int far = count == 0 ? -1 : fcntl(any, F_DUPFD_CLOEXEC, static_cast<int>(count - 1));
  if (far >= 0) close(far);
  if (any >= 0) close(any);
}

std::uint64_t open_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 16;
  std::uint64_t count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count > 3 ? count - 3 : 0;  // ".", ".." and the directory itself
}

std::uint64_t max_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace saturn
