#include "reference_server.hpp"

#include <charconv>
#include <filesystem>
#include <thread>

#include "system/clock/system_clock.hpp"
#include "system/host/host.hpp"

namespace saturn::cli {
namespace {

constexpr Nanos kReadyLimit = std::chrono::seconds(10), kLook = std::chrono::milliseconds(2);

Error cannot_start(const std::string& why) {
  return {"saturn serve", why, "", ErrorKind::setup};
}

/// The port in "saturn serve: listening on http://127.0.0.1:PORT"; 0 while the line is not whole.
std::uint16_t port_in(const std::string& output) {
  const auto end = output.find('\n');
  const auto colon = output.rfind(':', end);
  std::uint16_t port = 0;
  if (end != output.npos && colon != output.npos)
    std::from_chars(output.data() + colon + 1, output.data() + end, port);
  return port;
}

}  // namespace

Result<ReferenceServer> ReferenceServer::start(int cpu, bool timed) {
  const study::OwnedFd output(study::open_memory());
  study::Command command{
      {std::filesystem::read_symlink("/proc/self/exe").string(), "serve", "--listen", "127.0.0.1:0"},
      study::environment_with({}),
      ""};
  if (timed) command.argv.emplace_back("--truth");
  Result<study::GuardedProcess> process = cannot_start("not started");
  // A child runs where the thread that starts it may run, so a thread that ends with this call is pinned.
  std::thread([&] {
    if (cpu >= 0) pin_this_thread(cpu);
    process = study::GuardedProcess::start(command, output.get());
  }).join();
  if (!process) return process.errors();
  const Nanos until = monotonic_now() + kReadyLimit;
  while (monotonic_now() < until) {
    const std::string said = study::read_memory(output.get());
    if (const std::uint16_t port = port_in(said); port != 0)
      return ReferenceServer(std::move(*process), port);
    if (const auto status = process->exit_status())
      return cannot_start(study::describe_exit(*status) + ", its last words: " + said);
    std::this_thread::sleep_for(kLook);
  }
  return cannot_start("did not listen within 10 s");
}

}  // namespace saturn::cli
