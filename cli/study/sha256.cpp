#include "study/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <system_error>

#include "study/files.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostFiles = 10'000;

bool left_out(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "__pycache__";
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return "";
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::optional<Fingerprint> fingerprint(const std::map<std::string, fs::path>& files) {
  std::string lines;
  for (const auto& [name, path] : files) {
    const auto content = read_whole(path);
    if (!content) return std::nullopt;
    lines += sha256(*content) + "  " + name + "\n";
  }
  if (files.empty()) return std::nullopt;
  return Fingerprint{sha256(lines), files.size()};
}

std::map<std::string, fs::path> files_below(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    if (left_out(at->path()))
      at.disable_recursion_pending();
    else if (at->is_regular_file(unknown))
      files.emplace("./" + at->path().lexically_relative(folder).string(), at->path());
    if (files.size() > kMostFiles) return {};
  }
  return files;
}

std::optional<Fingerprint> application_of(const TargetPlan& target, const fs::path& study_folder,
                                          const fs::path& program) {
  const fs::path& folder = target.process.cwd;
  if (folder != study_folder) return fingerprint(files_below(folder));
  std::map<std::string, fs::path> files;
  for (const auto& word : target.process.command) {
    std::error_code error;
    const fs::path path = word == "{{saturn}}" ? program : folder / word;
    if (!word.empty() && fs::is_regular_file(path, error)) files.emplace(word, path);
  }
  return fingerprint(files);
}

}  // namespace saturn::study
