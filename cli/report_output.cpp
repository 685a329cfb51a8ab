#include "report_output.hpp"

#include <filesystem>

#include "output_file.hpp"
#include "study/study_report.hpp"

namespace saturn::cli {

Errors write_tables(const std::string& study_json, const std::string& file) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending != ".md" && ending != ".csv")
    return {{"-o", "\"" + file + "\" says by its ending how it is written, and that is not known",
             "name it .md for Markdown or .csv for CSV"}};
  const auto result = study::study_result_from_json(study_json);
  if (!result) return result.errors();
  const auto output = OutputFile::prepare(file);
  if (!output) return output.errors();
  const auto error =
      output->write(ending == ".md" ? study::to_markdown(*result) : study::tables_to_csv(*result));
  return error ? Errors{*error} : Errors{};
}

}  // namespace saturn::cli
