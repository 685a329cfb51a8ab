// An error as one line of text.
#include "saturn/error.hpp"

namespace saturn {

std::string to_text(const Error& error) {
  std::string text;
  if (!error.place.empty()) text += error.place + ": ";
  text += error.message;
  if (!error.remedy.empty()) text += " (" + error.remedy + ")";
  return text;
}

}  // namespace saturn
