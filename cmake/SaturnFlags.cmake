# saturn_flags: language level, warnings and sanitizers for every target of ours; nothing of it leaks to third parties.
set(SATURN_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
find_package(Threads REQUIRED)

add_library(saturn_flags INTERFACE)
target_compile_features(saturn_flags INTERFACE cxx_std_20)
target_compile_options(saturn_flags INTERFACE
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -fno-strict-overflow
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/= # a failed assertion names engine/..., not the builder's folders
  $<$<BOOL:${SATURN_WERROR}>:-Werror>)
target_link_libraries(saturn_flags INTERFACE Threads::Threads)

if(SATURN_SANITIZE)
  add_compile_options(-fsanitize=${SATURN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SATURN_SANITIZE})
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
