// A small file of /proc or /sys as text; empty where it cannot be read. Any thread.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace saturn {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace saturn
