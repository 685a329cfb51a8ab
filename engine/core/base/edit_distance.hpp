// How far a mistyped word is from one that exists, for "did you mean". Pure; tested in
// tests/unit/edit_distance_test.cpp.
#pragma once
#include <cstddef>
#include <string_view>

namespace saturn {

/// Letters to insert, delete or replace (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace saturn
