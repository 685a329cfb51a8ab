#include "study/python_env.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <sstream>

#include "core/base/prng.hpp"
#include "study/cache_folder.hpp"
#include "study/files.hpp"
#include "study/guarded_process.hpp"
#include "study/sha256.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;
constexpr auto kQueryLimit = std::chrono::seconds(30);
constexpr auto kInstallLimit = std::chrono::minutes(15);
constexpr const char* kStamp = "saturn-complete";
constexpr const char* kDebianRemedy = "install it: apt-get install python3 python3-venv";

struct Python {
  std::string command, version;
  int minor = 0;
};

/// Standard output and error of a short command; nullopt unless it ended with exit code 0.
std::optional<std::string> output_of(const std::vector<std::string>& argv) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start({argv, environment_with({"PYTHONWARNINGS=ignore"}), ""}, output.get());
  if (!process || process->wait(kQueryLimit, nullptr) != 0) return std::nullopt;
  return read_memory(output.get());
}

/// 3.11 first, because the study names it, then the newest of the rest that has venv.
Result<Python> find_python() {
  bool without_venv = false;
  for (const char* name : {"python3.11", "python3.12", "python3.13", "python3.14", "python3"}) {
    const auto version = output_of({name, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"});
    Python python{name, version ? version->substr(0, version->find('\n')) : "", 0};
    if (std::sscanf(python.version.c_str(), "3.%d.", &python.minor) != 1 || python.minor < 11) continue;
    if (output_of({name, "-c", "import venv, ensurepip"})) return python;
    without_venv = true;
  }
  if (without_venv)
    return Error{"python3",
                 "the modules venv and ensurepip are missing, so no environment for the targets can be made",
                 kDebianRemedy, ErrorKind::setup};
  return Error{"python3", "no Python 3.11 or newer found in PATH; the targets are Python applications",
               kDebianRemedy, ErrorKind::setup};
}

std::string key_of(const std::string& requirements, const std::string& python_version) {
  std::uint64_t hash = 0;
  for (const char c : fmt::format("{}\n{}", requirements, python_version))
    hash = mix(hash ^ static_cast<unsigned char>(c));
  return fmt::format("{:016x}", hash);
}

std::map<std::string, std::string> installed_packages(const fs::path& root) {
  std::map<std::string, std::string> packages;
  const auto text = output_of({(root / "bin/python").string(), "-c",
                               "import importlib.metadata as m\n"
                               "for d in m.distributions(): print(d.metadata['Name'].lower(), d.version)"});
  std::istringstream lines(text.value_or(""));
  for (std::string name, version; lines >> name >> version;) packages[name] = version;
  return packages;
}

/// One of the commands that make the environment; its output goes to the log, whose end explains a failure.
std::optional<Error> run_step(const std::vector<std::string>& argv, const fs::path& log,
                              const std::string& what, const std::string& remedy,
                              const std::atomic<bool>& stop) {
  const OwnedFd output(open_log(log));
  if (!output.ok()) return Error{log.string(), "cannot be written", "", ErrorKind::setup};
  auto process = GuardedProcess::start({argv, environment_with({}), ""}, output.get());
  if (!process) return process.errors().front();
  const auto status = process->wait(kInstallLimit, &stop);
  if (status == 0) return std::nullopt;
  if (stop) return Error{what, "interrupted", "", ErrorKind::setup};
  return Error{what,
               (status ? describe_exit(*status) : std::string("not done after 15 minutes")) + ": " +
                   log_tail(log, 3, 400),
               remedy + "; everything it said is in " + log.string(), ErrorKind::setup};
}

std::optional<Error> make_environment(const Python& python, const fs::path& root,
                                      const fs::path& requirements, const fs::path& log,
                                      const std::atomic<bool>& stop) {
  std::error_code ignored;
  fs::remove_all(root, ignored);  // what an interrupted attempt left
  fs::remove(log, ignored);
  if (auto error = make_private_folder(root)) return error;
  if (auto error = run_step({python.command, "-m", "venv", root.string()}, log, python.command + " -m venv",
                            kDebianRemedy, stop))
    return error;
  if (auto error =
          run_step({(root / "bin/python").string(), "-m", "pip", "install", "--disable-pip-version-check",
                    "--no-input", "-r", requirements.string()},
                   log, "pip install",
                   "a package index must be reachable once (pip reads PIP_INDEX_URL, PIP_CERT)", stop))
    return error;
  return write_whole(root / kStamp, python.version + "\n");
}

}  // namespace

Result<PythonEnv> ensure_python_env(const fs::path& requirements,
                                    const std::function<void(const std::string&)>& say,
                                    const std::atomic<bool>& stop) {
  auto text = read_whole(requirements);
  if (!text) return text.errors();
  const auto folder = cache_folder();
  if (!folder) return folder.errors();
  auto python = find_python();
  if (!python) return python.errors();

  PythonEnv env;
  env.root = *folder / ("venv-" + key_of(*text, python->version));
  env.python_version = python->version;
  env.requirements_sha256 = sha256(*text);
  if (python->minor != 11)
    env.warning = "Python " + python->version + " instead of 3.11, which the study names: compare with care";
  if (auto refused = make_private_folder(*folder)) return *refused;
  const OwnedFd lock(open((env.root.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock.ok())
    return Error{folder->string(), "cannot be written", "set XDG_CACHE_HOME to a folder that can",
                 ErrorKind::setup};
  while (flock(lock.get(), LOCK_EX) != 0 &&
         errno == EINTR) {  // another study may be making the same environment
    if (stop) return Error{"study", "interrupted", "", ErrorKind::setup};
  }
  if (fs::exists(env.root / kStamp)) {
    if (auto refused = distrust(env.root)) return *refused;
    env.packages = installed_packages(env.root);
  }
  if (env.packages.empty()) {  // never made, not finished, or its Python is gone
    say("making the Python environment " + env.root.string() + " (once, about a minute)");
    if (auto failed = make_environment(*python, env.root, requirements, env.root.string() + ".log", stop))
      return *failed;
    env.packages = installed_packages(env.root);
  }
  return env;
}

}  // namespace saturn::study
