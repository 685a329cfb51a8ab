#include "study/study_cells.hpp"

#include <algorithm>
#include <vector>

namespace saturn::study {

std::optional<Summary> summary_of(const StudyCell& cell) {
  std::vector<double> values;
  for (const auto& sample : cell.samples)
    if (sample.counted && sample.value) values.push_back(*sample.value);
  return saturn::summary_of(values);
}

std::string marks_of(const StudyCell& cell) {
  std::vector<std::string> found;
  for (const auto& sample : cell.samples)
    for (const auto& mark : sample.marks)
      if (sample.counted && std::find(found.begin(), found.end(), mark) == found.end()) found.push_back(mark);
  std::string text;
  for (const auto& mark : found) text += (text.empty() ? "" : ";") + mark;
  return text;
}

const StudyTarget* find_target(const StudyResult& result, std::string_view name) {
  for (const auto& target : result.targets)
    if (target.name == name) return &target;
  return nullptr;
}

const StudyCell* find_cell(const StudyTarget& target, std::string_view scenario) {
  for (const auto& cell : target.cells)
    if (cell.scenario == scenario) return &cell;
  return nullptr;
}

Ratio ratio_to_baseline(const StudyResult& result, const StudyCell& cell) {
  const StudyTarget* baseline = find_target(result, result.baseline);
  const StudyCell* base = baseline != nullptr ? find_cell(*baseline, cell.scenario) : nullptr;
  Ratio ratio;
  if (base == nullptr) return ratio;
  const auto own = summary_of(cell), other = summary_of(*base);
  if (own && other && other->mean > 0) ratio.measured = own->mean / other->mean;
  if (cell.published && base->published && *base->published > 0)
    ratio.published = *cell.published / *base->published;
  return ratio;
}

}  // namespace saturn::study
