// Collects the facts for `saturn doctor`: files of /proc and /sys, and a few short trials on loopback.
// Missing and unreadable files leave their facts open. Main thread only, takes a third of a second. Tested in
// tests/unit/doctor_collect_test.cpp (files) and tests/loopback/doctor_facts_test.cpp (trials).
#pragma once
#include <filesystem>

#include "system/doctor/facts.hpp"

namespace saturn::doctor {

/// All of them, of this machine.
void collect(Facts& facts);

/// Those that stand in files below `root`.
void read_files(Facts& facts, const std::filesystem::path& root = "/");
/// Those that have to be tried: a ring, receive stamps, connection tracking, the cost of a clock reading.
void try_out(Facts& facts);

}  // namespace saturn::doctor
