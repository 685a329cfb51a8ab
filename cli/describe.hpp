// What will run, in one line with the defaults spelled out, and how to run it again. Pure; tested in
// tests/unit/describe_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "args.hpp"

namespace saturn::cli {

std::string counted(std::uint64_t number, std::string_view noun);  ///< "1 thread", "12,345 threads"

/// "saturn: GET http://127.0.0.1:8000/ · 50 connections · 10 s · 1 thread · timeout 30 s", without an end of
/// line.
std::string first_line(const RunArguments& run, const std::string& address, unsigned shards);

/// The command line again, quoted for a shell, secrets hidden; with the seed where random values were drawn.
std::string again_line(const RunArguments& run, const Arguments& argv, std::uint64_t seed);

}  // namespace saturn::cli
