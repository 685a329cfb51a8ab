// What else this machine does right now: the load average, and who used its cores during a short look. Main
// thread only; sleeps for the look. Its arithmetic is pure. Tested in tests/unit/doctor_load_test.cpp.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "system/doctor/facts.hpp"
#include "system/host/processes.hpp"

namespace saturn::doctor {

/// Fills in load_1min, others_cores and busiest of the facts; `look` has to be many ticks of 10 ms.
void look_at_load(Facts& facts, Nanos look = std::chrono::milliseconds(300));

/// The first number of /proc/loadavg.
std::optional<double> load_average(const std::filesystem::path& file);

/// CPU between two samples, by name, most first; what used under a twentieth of a core is left out, and so is
/// the process `own`. Pure.
std::vector<BusyProcess> busiest_of(const std::vector<ProcessSample>& before,
                                    const std::vector<ProcessSample>& after, Nanos wall, pid_t own);

}  // namespace saturn::doctor
