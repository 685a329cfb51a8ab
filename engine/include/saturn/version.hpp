// Which saturn this is: printed by `saturn --version` and written into every result.
#pragma once
#include <string_view>

namespace saturn {

std::string_view version();   ///< "0.1.0"
std::string_view git();       ///< revision it was built from, "unknown" outside a checkout
std::string_view compiler();  ///< "gnu 12.2.0"

}  // namespace saturn
