// What the build says about itself; the values come from CMake (cmake/SaturnVersion.cmake).
#include "saturn/version.hpp"

namespace saturn {

std::string_view version() {
  return SATURN_VERSION;
}
std::string_view git() {
  return SATURN_GIT;
}
std::string_view compiler() {
  return SATURN_COMPILER;
}

}  // namespace saturn
